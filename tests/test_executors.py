"""Work done by several processes: what fails fails alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from render.executors import Cause, Limits, Lost, Pool

_warmed: list[str] = []


def warm(word: str) -> None:
    _warmed.append(word)


def work(job: str) -> str:
    match job.partition(" "):
        case "die", _, status:
            os._exit(int(status))
        case "kill", _, _:
            os.kill(os.getpid(), signal.SIGKILL)
        case "sleep", _, seconds:
            time.sleep(float(seconds))
        case "loop", _, _:
            while True:
                pass
        case "eat", _, _:
            return "".join(["x" * (1 << 30) for _ in range(4)])
        case "raise", _, words:
            raise ValueError(words)
    return f"{job} by {os.getpid()} warmed {_warmed}"


def run(jobs: list[str], *, processes: int = 2, limits: Limits = Limits(5, 512)) -> dict[int, object]:  # noqa: B008
    with Pool(work, processes, limits, warm, "well") as pool:
        return dict(pool.run(jobs))


def test_every_job_is_answered_by_a_process_warmed_once() -> None:
    answers = run([str(number) for number in range(12)])
    assert sorted(answers) == list(range(12))
    for number, answer in answers.items():
        assert str(answer).startswith(f"{number} by ")
        assert str(answer).endswith("warmed ['well']")
    assert 1 <= len({str(answer).split()[2] for answer in answers.values()}) <= 2


def test_what_fails_fails_alone() -> None:
    answers = run(["a", "die 3", "b", "kill", "c", "eat", "d"])
    assert answers[1] == Lost(Cause.DIED, "with exit status 3")
    assert answers[3] == Lost(Cause.DIED, "by SIGKILL")
    assert answers[5] == Lost(Cause.MEMORY)
    assert all(str(answers[number]).endswith("warmed ['well']") for number in (0, 2, 4, 6))


def test_limits_beyond_what_a_system_can_count_are_none() -> None:
    answers = run(["a"], limits=Limits(10**23, 10**20))
    assert str(answers[0]).endswith("warmed ['well']")


def test_a_job_without_end_is_stopped() -> None:
    begun = time.monotonic()
    answers = run(["loop", "a", "sleep 30", "b"], limits=Limits(1, 512))
    assert answers[0] == answers[2] == Lost(Cause.TIMEOUT)
    assert str(answers[1]).startswith("a by ")
    assert str(answers[3]).startswith("b by ")
    assert time.monotonic() - begun < 15


def test_an_exception_of_the_work_reaches_the_caller_and_ends_the_workers() -> None:
    with pytest.raises(ValueError, match="out of paper"):
        run(["a", "raise out of paper", "sleep 60"])


def test_the_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys\n"
        f"sys.path[:0] = [{str(Path(__file__).parent)!r}, {str(Path(__file__).parent.parent)!r}]\n"
        "if __name__ == '__main__':\n"
        "    import test_executors as t\n"
        "    with t.Pool(t.work, 2, t.Limits(60, 0), t.warm, 'x') as pool:\n"
        "        for _, answer in pool.run(['a', 'b', 'sleep 60', 'sleep 60']):\n"
        "            print(answer.split()[2], flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    workers = {int(process.stdout.readline()), int(process.stdout.readline())}
    process.kill()
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 5
    while any(alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(alive(worker) for worker in workers)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
