"""Tasks: long work that somebody asked for on a page, done outside the web process, with its progress.
What a kind of task does belongs to the feature that names it; `server.jobs.worker` knows them all."""

from server.core.tasks.handler import Handler, Keep, Progress, Stopped, TaskRef
from server.core.tasks.queries import TaskView, latest, task_view
from server.core.tasks.service import ask, ask_once, cancel

__all__ = [
    "Handler", "Keep", "Progress", "Stopped", "TaskRef", "TaskView", "ask", "ask_once", "cancel", "latest",
    "task_view",
]  # fmt: skip
