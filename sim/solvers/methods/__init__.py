"""What several solvers share; nothing here claims anything by itself."""
