"""Messages and signals: given to who waits, to start events, and to the buffer; and what ends makes room for the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.bpmn.buffer import kept_for
from engine.bpmn.limits import kept_all
from engine.bpmn.run import Run
from engine.bpmn.specs.happenings import is_signal
from engine.bpmn.starting import Starting
from engine.domain.errors import NotFound
from engine.domain.running import BufferedMessage, Instance, Subscription
from engine.ports import UnitOfWork


class Publishing(Starting):
    """Correlates by name and key. A message is heard once by each process, a signal by everything that waits for it."""

    def publish(
        self,
        work: UnitOfWork,
        message: str,
        key: str,
        variables: Mapping[str, Any] | None = None,
        *,
        ttl: timedelta = timedelta(0),
        message_id: str | None = None,
        complaint_id: int | None = None,
    ) -> bool:
        """Give a message to whoever waits for it under this key; see the port."""
        payload = kept_all(variables)
        if message_id is not None and self._is_kept(work, message, key, message_id):
            return False
        heard = self._tell_waiting(work, message, key, payload)
        heard |= self._start_by(work, message, key, payload, heard, complaint_id)
        if ttl > timedelta(0) and not is_signal(message):
            until = work.now + ttl
            work.publications.add_message(
                BufferedMessage(
                    0, message, key, message_id, payload, work.now, until, complaint_id, tuple(sorted(heard))
                )
            )
        return bool(heard)

    def _is_kept(self, work: UnitOfWork, message: str, key: str, message_id: str) -> bool:
        work.publications.drop_messages(expired_by=work.now)
        return any(kept.message_id == message_id for kept in work.publications.messages(message, key))

    def _tell_waiting(self, work: UnitOfWork, message: str, key: str, payload: Mapping[str, Any]) -> set[str]:
        """The processes that heard it."""
        heard: set[str] = set()
        for instance_id, waiting in _by_instance(work.processes.subscriptions(message, key)):
            if not is_signal(message) and all(subscription.process in heard for subscription in waiting):
                continue
            run = self._open(work, instance_id)
            if run is not None:
                self._hear(run, sorted(each.token for each in waiting), message, payload, heard)
        return heard

    def _hear(
        self, run: Run, tokens: list[int], message: str, payload: Mapping[str, Any], heard: set[str]
    ) -> None:
        moved = False
        for id in tokens:
            token = run.tokens.get(id)
            if token is None or token.memo.get("message") != message:
                continue
            process = token.workflow.process
            if process in heard and not is_signal(message):
                continue
            heard.add(process)
            moved = True
            run.command.record("message.received", token.task_spec.bpmn_id, {"message": message})
            run.happen(token, payload)
        if moved:
            self._finish(run)
        else:
            self._keep(run)

    def _start_by(
        self,
        work: UnitOfWork,
        message: str,
        key: str,
        payload: Mapping[str, Any],
        heard: set[str],
        complaint_id: int | None,
    ) -> set[str]:
        """The processes that started by it."""
        try:
            definitions = self._definitions_of(work, work.newest_release())
        except NotFound:
            return set()
        started = set()
        for process, start in definitions.starts_by(message):
            single = bool(key) and not is_signal(message)
            if process in heard or (single and work.processes.is_running(process, key)):
                continue
            self._begin(
                work,
                definitions,
                process,
                start,
                payload,
                complaint_id=complaint_id,
                start_key=key if single else None,
            )
            started.add(process)
        return started

    def _ended(self, work: UnitOfWork, instance: Instance) -> None:
        """The next kept message with the key of an instance that is over may start one."""
        if instance.start_key is None:
            return
        definitions = self._definitions_of(work, work.newest_release())
        spec = definitions.processes.get(instance.process)
        for start in spec.starts if spec is not None else ():
            if start.message is None:
                continue
            waiting = kept_for(work, start.message, instance.start_key, instance.process)
            if waiting:
                message = waiting[0]
                work.publications.save_message(replace(message, heard=(*message.heard, instance.process)))
                self._begin(
                    work,
                    definitions,
                    instance.process,
                    start,
                    message.variables,
                    complaint_id=message.complaint_id,
                    start_key=instance.start_key,
                )
                return


def _by_instance(
    subscriptions: Iterable[Subscription],
) -> Iterator[tuple[int, list[Subscription]]]:
    waiting: dict[int, list[Subscription]] = {}
    for subscription in subscriptions:
        waiting.setdefault(subscription.instance_id, []).append(subscription)
    yield from sorted(waiting.items())
