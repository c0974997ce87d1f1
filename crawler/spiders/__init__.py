"""The ways in: one spider for each kind of channel."""
