"""What steering does to an instance: put it on hold, change its variables and tokens, move it to another release."""
