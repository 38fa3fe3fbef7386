"""The case file of an appeal: the attempt played again task by task, each as shown, and why the engine gave it."""

from server.appeals.casefile.case import CaseFile, Task, case_file

__all__ = ["CaseFile", "Task", "case_file"]
