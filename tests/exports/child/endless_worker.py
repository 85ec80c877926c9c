"""A process like the one that writes exports, which says who it is and then never comes to an end."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.exports.child import worker

if TYPE_CHECKING:
    from bot.exports.child.job import ExportJob, WrittenFile

REPORT = "process.json"
"""Beside the database."""


async def _write(job: ExportJob) -> WrittenFile:
    _report(job)
    await asyncio.Event().wait()
    raise NotImplementedError


def _report(job: ExportJob) -> None:
    told = {"pid": os.getpid(), "arguments": sys.orig_argv, "environment": dict(os.environ)}
    Path(job.path).write_text("begun")
    report = Path(job.database).with_name(REPORT)
    report.with_suffix(".part").write_text(json.dumps(told))
    report.with_suffix(".part").replace(report)


if __name__ == "__main__":
    pytest.MonkeyPatch().setattr(worker, "_write", _write)
    worker.main()
