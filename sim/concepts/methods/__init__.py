"""How far claims are from concepts, where several concepts, or several forms of one, share it."""
