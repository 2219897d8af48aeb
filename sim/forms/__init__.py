"""The forms of games: one file each, registered by being here."""
