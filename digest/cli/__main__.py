"""``python -m digest.cli`` is the command, also where its script is not on the path."""

from digest.cli import main

main()
