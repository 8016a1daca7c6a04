"""Whether the promise holds: processes killed at random. Started by ``./dev chaos``."""
