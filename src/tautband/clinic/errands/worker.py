"""The worker: takes errands from the queue, in a thread beside the server or in a process of its own."""

import logging
import secrets
import threading

from django.db import DatabaseError, close_old_connections, connection, transaction
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from tautband.clinic.errands.actions import catch_up

log = logging.getLogger("tautband.errands")
LOOK_EVERY_S = 2.0
CATCH_UP_EVERY_S = 60.0


class Worker:
    """Works until `stop`. A database that is away for a while is waited for."""

    def __init__(self, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._stopped = threading.Event()
        self._look_every_s = look_every_s
        self._name = secrets.token_hex(8)
        self._queue = QueueWorker(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self._name,
            excluded_queue_names=[],
        )

    def stop(self) -> None:
        """Finish what is running, then end."""
        self._stopped.set()

    def run(self) -> None:
        """Take errands until stopped."""
        due_s = 0.0
        try:
            while not self._stopped.is_set():
                close_old_connections()
                try:
                    if due_s <= 0:
                        catch_up()
                        due_s = CATCH_UP_EVERY_S
                    self.run_waiting()
                except DatabaseError as error:
                    log.warning("The worker waits for the database: %s", type(error).__name__)
                    close_old_connections()
                self._stopped.wait(self._look_every_s)
                due_s -= self._look_every_s
        finally:
            connection.close()

    def run_waiting(self) -> int:
        """Run what the queue holds now; how many. Most looks find nothing, and only read."""
        count = 0
        while not self._stopped.is_set() and DBTaskResult.objects.ready().exists():
            with transaction.atomic():
                found = DBTaskResult.objects.ready().get_locked()
                if found is None:
                    return count
                found.claim(self._name)
            self._queue.run_task(found)
            count += 1
        return count


def beside() -> tuple[Worker, threading.Thread]:
    """Start a worker in a thread of this process."""
    worker = Worker()
    thread = threading.Thread(target=worker.run, name="errands", daemon=True)
    thread.start()
    return worker, thread
