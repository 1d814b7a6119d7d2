"""Messages and signals: given to who waits, to start events, and to the buffer; and what ends makes room for the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.bpmn.buffer import kept_for
from engine.bpmn.definitions import Definitions
from engine.bpmn.limits import kept_all
from engine.bpmn.run import Run
from engine.bpmn.specs.happenings import is_signal
from engine.bpmn.starting import Starting
from engine.domain.errors import NotFound
from engine.domain.running import BufferedMessage, HeldMessage, Instance, InstanceState, Subscription
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
        heard: set[str] = set()
        newest = self._newest(work)
        on_hold = self._tell_waiting(work, message, key, payload, heard, newest)
        if newest is not None:
            heard |= self._start_by(work, newest, message, key, payload, heard, complaint_id)
        kept = None
        if ttl > timedelta(0) and not is_signal(message):
            until = work.now + ttl
            kept = work.publications.add_message(
                BufferedMessage(
                    0, message, key, message_id, payload, work.now, until, complaint_id, tuple(sorted(heard))
                )
            )
        for instance_id in on_hold:
            work.steering.hold_message(
                HeldMessage(
                    0, instance_id, message, key, payload, work.now, None if kept is None else kept.id
                )
            )
        return bool(heard)

    def _newest(self, work: UnitOfWork) -> Definitions | None:
        """The definitions of the newest release, asked for once; None before the first one."""
        try:
            return self._definitions_of(work, work.newest_release())
        except NotFound:
            return None

    def _is_kept(self, work: UnitOfWork, message: str, key: str, message_id: str) -> bool:
        work.publications.drop_messages(expired_by=work.now)
        return any(kept.message_id == message_id for kept in work.publications.messages(message, key))

    def _tell_waiting(
        self,
        work: UnitOfWork,
        message: str,
        key: str,
        payload: Mapping[str, Any],
        heard: set[str],
        newest: Definitions | None,
    ) -> list[int]:
        """Tell the instances that run; the ids of those on hold, which hear it when they resume.

        The oldest instance of a process hears a message, also on hold. One that will be over with a message it is to
        hear leaves the next to the others, and takes it if they do not want it.
        """
        on_hold: list[int] = []
        with_one_already: list[tuple[int, set[str]]] = []
        for instance_id, waiting in _by_instance(work.processes.subscriptions(message, key)):
            processes = {subscription.process or "" for subscription in waiting}
            if not is_signal(message) and processes <= heard:
                continue
            instance = work.processes.lock(instance_id)
            if instance.state is InstanceState.SUSPENDED:
                if not is_signal(message) and self._will_be_over(work, instance, message, key):
                    with_one_already.append((instance_id, processes))
                else:
                    heard |= processes
                    on_hold.append(instance_id)
                continue
            if instance.state is not InstanceState.RUNNING:
                continue
            run = self._at_rest(work, instance)
            run.command.newest = newest
            if self.hear(run, sorted(each.token for each in waiting), message, payload, heard):
                self._finish(run)
            else:
                self._keep(run)
        for instance_id, processes in with_one_already:
            if not processes <= heard:
                heard |= processes
                on_hold.append(instance_id)
        return on_hold

    def _will_be_over(self, work: UnitOfWork, instance: Instance, message: str, key: str) -> bool:
        """Whether what an instance on hold hears already ends its waiting for this message."""
        if not work.steering.holds_message(instance.id, message, key):
            return False
        run = self._at_rest(work, instance)
        waiting = [run.tokens[id] for id in waiting_for(run, message, key)]
        over = all(getattr(token.task_spec, "interrupting", True) for token in waiting)
        self._keep(run)
        return over

    def hear(
        self, run: Run, tokens: Iterable[int], message: str, payload: Mapping[str, Any], heard: set[str]
    ) -> bool:
        """Give a message to these tokens, each process once; whether any got it."""
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
        return moved

    def _start_by(
        self,
        work: UnitOfWork,
        definitions: Definitions,
        message: str,
        key: str,
        payload: Mapping[str, Any],
        heard: set[str],
        complaint_id: int | None,
    ) -> set[str]:
        """The processes of the newest release that started by it."""
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


def waiting_for(run: Run, message: str, key: str) -> list[int]:
    """The tokens of a run that wait for this message, by ascending id."""
    return sorted(
        token.id
        for token in run.tokens.values()
        if token.memo and token.memo.get("message") == message and token.memo.get("key") == key
    )


def _by_instance(
    subscriptions: Iterable[Subscription],
) -> Iterator[tuple[int, list[Subscription]]]:
    waiting: dict[int, list[Subscription]] = {}
    for subscription in subscriptions:
        waiting.setdefault(subscription.instance_id, []).append(subscription)
    yield from sorted(waiting.items())
