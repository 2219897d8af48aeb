"""One subcommand per file, under the name of the file, as ``command``."""
