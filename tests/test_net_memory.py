"""How much memory processes take, and the end of those that take too much."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from crawler.net import memory

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="this system does not tell")
_PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "held = b'x' * 60_000_000; print('held', flush=True); input()"])
child.wait()
input()  # it does not end by itself when its child is killed first
"""


def test_a_process_is_counted_with_its_children_and_ended_with_them_over_the_limit() -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        found = memory.of_tree(parent.pid)
        listed = memory._by_ps(parent.pid)  # what else there is, where /proc is missing
        with memory.Watch(parent.pid, 1 << 40) as slack:
            assert not slack.exceeded
        with memory.Watch(parent.pid, 30_000_000) as watch:
            code = parent.wait(30)

    assert len(found) == 2
    assert sum(found.values()) > 60_000_000 > found[parent.pid]
    assert not listed or set(listed) == set(found)
    assert watch.exceeded
    assert code == -signal.SIGKILL
    assert memory.of_tree(parent.pid) == {}
    (child,) = set(found) - {parent.pid}
    assert child not in memory.of_tree(os.getpid())
