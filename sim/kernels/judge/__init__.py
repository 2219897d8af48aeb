"""What the certificate computes with, and solvers do not."""
