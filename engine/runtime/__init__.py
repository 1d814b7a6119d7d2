"""What keeps Redress going by itself: the clock, the ticks, the outbox, the file store."""
