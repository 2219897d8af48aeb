"""What every subject uses: threads, memory, bits, linear systems, programmes, joint actions, play over states."""
