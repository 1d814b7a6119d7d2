"""What people and timers do with complaints: each function one sentence of the desk, one transaction."""
