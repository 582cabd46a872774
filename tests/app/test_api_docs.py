"""The examples of docs/api.md, run as they stand there."""

import argparse
import asyncio
import os
import re
import shlex
import sys

import httpx

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


async def curl(address: str, token: str, command: str) -> str:
    """What the command would print; fails on whatever of it is not known here."""
    known = argparse.ArgumentParser(prog="curl", exit_on_error=False, allow_abbrev=False)
    known.add_argument("url")
    known.add_argument("-N", action="store_true")
    known.add_argument("-H", action="append", dest="headers")
    known.add_argument("-d", dest="body")
    plain = command.replace("\\\n", " ").replace("$APP", f"http://{address}").replace("$TOKEN", token)
    program, *arguments = shlex.split(plain)
    assert program == "curl"
    said = known.parse_args(arguments)
    headers = dict(each.split(": ", 1) for each in said.headers)
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        answer = await client.post(said.url, headers=headers, content=said.body)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_lines_of_curl_answer(api: Api, address: str) -> None:
    main, dependent, tie = await api.a_pair()
    job = await a_job(tie)
    token = await api.api_token(main, TokenScope.READ)
    query, stream = examples("sh")
    answer = await curl(address, token, query[query.index("curl") :])
    assert f'"id":"{tie.id}"' in answer
    assert f'"domain":"{dependent.domain}"' in answer
    streamed = await curl(address, token, stream.replace('"id": "…"', f'"id": "{job.id}"'))
    assert '"jobProgress":{"state":"SUCCEEDED","progress":{"done":0,"total":null}}' in streamed
