"""From the archive to the reader."""
