"""Whether the lab does what it is there for, as whoever runs it wants to know."""

from service.errors import LabError
from service.jobs.bounds import Bounds
from service.jobs.database import Database
from service.jobs.scheduler import Scheduler
from service.records import Record


class Health(Record):
    """What is wrong with a lab, a sentence each; none if all is well."""

    problems: list[str]


def health(database: Database, scheduler: Scheduler, bounds: Bounds) -> Health:
    """Read at once, and nothing is written."""
    problems: list[str] = []
    if not scheduler.alive:
        problems.append("No jobs are run, for the scheduler has ended; start the lab again.")
    elif not scheduler.has_executor:
        problems.append("Jobs wait, for what runs them was lost and cannot be made anew so far.")
    if database.failing is not None:
        problems.append(database.failing)
    try:
        if bounds.queue_full:
            problems.append("The queue is full, so that new jobs are refused.")
    except LabError as error:
        problems.append(str(error))
    return Health(problems=list(dict.fromkeys(problems)))
