"""What the flow nodes of a diagram do when a token stands on them, one file a family."""
