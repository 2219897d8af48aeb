"""The pictures: one file each, registered by being here.  They see datasets and nothing else."""
