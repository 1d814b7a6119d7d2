"""How word leaves Redress: one channel a file, and the demo's core bank."""
