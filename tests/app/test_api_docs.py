"""The examples of docs/api.md, run as they stand there."""

import asyncio
import os
import re
import shutil
import sys

import pytest

from backend.models.api_token import TokenScope
from backend.models.job import Job, JobPhase, JobState
from dev.paths import ROOT
from tests.api import Api, a_job, chosen

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SECONDS = 60


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


async def run(address: str, token: str, *command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "APP": f"http://{address}", "TOKEN": token},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(SECONDS):
        out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return out.decode()


async def test_the_python_program_starts_a_sync_and_follows_it(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    await chosen(tie)
    (program,) = examples("python")

    async def the_worker() -> None:
        while (job := await Job.get_or_none(connection_id=tie.id)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        job.state, job.phase, job.done, job.total = JobState.SUCCEEDED, JobPhase.DONE, 4, 4
        await job.save()

    working = asyncio.create_task(the_worker())
    out = await run(address, await api.api_token(main), sys.executable, "-c", program)
    await working
    job = await Job.get(connection_id=tie.id)
    assert out.splitlines()[-1] == str(
        {
            "id": str(job.id),
            "state": "SUCCEEDED",
            "progress": {"done": 4, "total": 4},
            "counts": {"applied": 0, "held": 0, "failed": 0},
        }
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
async def test_the_lines_of_curl_answer(api: Api, address: str) -> None:
    main, dependent, tie = await api.a_pair()
    job = await a_job(tie)
    token = await api.api_token(main, TokenScope.READ)
    query, stream = examples("sh")
    command = query[query.index("curl") :]
    answer = await run(address, token, "sh", "-c", command)
    assert f'"id":"{tie.id}"' in answer
    assert f'"domain":"{dependent.domain}"' in answer
    streamed = await run(address, token, "sh", "-c", stream.replace('"id": "…"', f'"id": "{job.id}"'))
    assert '"jobProgress":{"state":"SUCCEEDED","progress":{"done":0,"total":null}}' in streamed
