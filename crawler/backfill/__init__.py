"""Backfill: ``window`` decides what is asked for and what is left, ``walk`` goes through a source's lists."""
