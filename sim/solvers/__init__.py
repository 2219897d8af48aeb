"""The methods of solution: one file each, registered by being here."""
