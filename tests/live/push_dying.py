"""Push, and die like one that is killed, just before a statement: ``push_dying.py N OPTIONS``."""

import os
import signal
import sys

from peewee_mig.cli.main import call
from peewee_mig.runner.execution import Execution
from peewee_mig.runner.recording import Recorder

STATEMENT, WRITE = Execution.statement, Recorder.write
left = int(sys.argv[1])


def counted(method):
    def counting(self, *args):
        global left  # noqa: PLW0603 - a script that ends with it
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(self, *args)

    return counting


Execution.statement, Recorder.write = counted(STATEMENT), counted(WRITE)
sys.exit(call(["push", *sys.argv[2:]]))
