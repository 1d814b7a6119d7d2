"""A bank at work on a moved clock: simulated customers and staff go through the same use cases as everybody.

A queue of what happens next, by time: complaints come in, people do the tasks that opened, timers fall due. After each
action one look at its complaint finds what opened; nothing is polled.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import exp
from random import Random
from typing import Any

from engine.domain import working_time
from engine.domain.actor import SYSTEM, Actor, customer_of
from engine.domain.complaint import Complaint, Grade
from engine.domain.department_requests import RequestState
from engine.domain.errors import NotAllowed, NotFound, OutOfOrder, RedressError, TaskNotOpen
from engine.domain.organisation import Role, Unit, UnitKind
from engine.domain.redress import Plan, PlanState
from engine.domain.running import Timer
from engine.domain.task import Task, TaskState, may_do
from engine.domain.working_time import Calendar
from engine.feel import Environment
from engine.ports import Ports, UnitOfWork
from engine.runtime import play_words as words
from engine.runtime.clock import MovableClock
from engine.runtime.play_answers import Moment, answers_for
from engine.runtime.play_words import GRIEVANCES, Grievance
from engine.use_cases import case, collaboration, deadlines, inbox, intake, outbox
from engine.use_cases.outbox import Senders
from forms.checking import check
from forms.library import FormLibrary

OpenWork = Callable[[Actor], AbstractContextManager[UnitOfWork]]

DEMO = "demo"
PORTALS = ("portal", "portal", "mobile_bank", "web_bank", "app", "wechat", "chat", "email")
BY_STAFF = ("counter", "counter", "hotline", "hotline", "letter", "regulator")
WORK: Mapping[str, float] = {
    "settle_at_once": 0.4,
    "triage": 2,
    "second_check": 2,
    "draft_pointer": 1,
    "investigate": 12,
    "convene": 3,
    "accept_request": 4,
    "answer_request": 12,
    "redirect": 3,
    "consolidate": 6,
    "decide_dispute": 16,
    "draft_plan": 5,
    "approve_plan": 4,
    "draft_answer": 3,
    "check_answer": 3,
    "repair": 5,
    "confirm_stop": 0.5,
    "review_information": 4,
    "acknowledge_alert": 0.8,
}
"""Working hours that a task usually waits and takes."""

LATE, LATE_TIMES = 0.07, 5
CLAIMED_FIRST = 0.35


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the play is: the simulated moment, and the share of its time that has passed."""

    at: datetime
    share: float
    actions: int


@dataclass(slots=True)
class Story:
    """One complaint of the play, as its customer lives it."""

    complaint_id: int
    grievance: Grievance
    number: str
    tasks: set[tuple[int, int]] = field(default_factory=set)
    timers: dict[tuple[int, int], datetime] = field(default_factory=dict)
    offers: set[int] = field(default_factory=set)
    rated: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at a complaint found."""

    complaint: Complaint
    tasks: Sequence[Task]
    timers: Sequence[Timer]
    plan: Plan | None
    something_to_send: bool


def play(
    ports: Ports,
    clock: MovableClock,
    senders: Senders,
    forms: FormLibrary,
    *,
    days: int,
    per_day: int,
    seed: int,
    until: datetime,
) -> Iterator[Progress]:
    """Let the demo bank work from `days` ago until `until`; only in demo databases. Yields as time goes by."""
    with ports.unit_of_work(SYSTEM) as work:
        if work.setting(DEMO) != "yes":
            raise NotAllowed(
                "Only a demo database can be played in: it would mix invented complaints with real ones."
            )
    return _Play(ports, clock, senders, forms, Random(seed), until).run(days, per_day)


def seen_of(work: UnitOfWork, complaint_id: int, *, is_new: bool = False) -> Seen:
    """What there is to do about a complaint; the outbox is asked only where something may be in it."""
    complaint = work.complaints.get(complaint_id)
    plans = work.plans.find(complaint_id=complaint_id) if complaint.is_open else []
    sends = is_new or (bool(plans) and plans[-1].state is PlanState.INSTRUCTED)
    return Seen(
        complaint,
        work.tasks.find(complaint_id=complaint_id, state=[TaskState.OPEN, TaskState.CLAIMED]),
        work.processes.timers(complaint_id=complaint_id),
        plans[-1] if plans else None,
        sends and bool(work.outbox(due_by=work.now, limit=1)),
    )


class _Play:
    """The queue, and who works at the bank."""

    def __init__(
        self,
        ports: Ports,
        clock: MovableClock,
        senders: Senders,
        forms: FormLibrary,
        random: Random,
        until: datetime,
    ) -> None:
        self.ports = replace(ports, unit_of_work=self._watched(ports.unit_of_work))
        self.clock, self.senders, self.forms = clock, senders, forms
        self.watching: Story | None = None
        self.seen: Seen | None = None
        self.random, self.until = random, until
        self.queue: list[tuple[datetime, int, Callable[[], Story | None]]] = []
        self.order = count()
        self.actions = 0
        self.stories: dict[int, Story] = {}
        self.earlier: list[str] = []
        with ports.unit_of_work(SYSTEM) as work:
            self.units = {unit.id: unit for unit in work.units.find()}
            people = [inbox.actor_of(work, person) for person in work.people.find(active=True)]
            self.calendars = {u.calendar: work.calendar(u.calendar) for u in self.units.values()}
        self.holders: dict[str, list[Actor]] = {
            str(role): [actor for actor in people if role in actor.roles] for role in Role
        }
        self.departments = [
            unit.code
            for unit in self.units.values()
            if unit.kind is UnitKind.DEPARTMENT and self.units[unit.parent_id or 0].parent_id is None
        ]

    def run(self, days: int, per_day: int) -> Iterator[Progress]:
        """Everything that happens, in the order of time."""
        start = self.until - timedelta(days=days)
        self.clock.move_to(start)
        for day in range(days):
            for number in range(per_day):
                self._plan_arrival(start + timedelta(days=day), f"play-{start:%Y%m%d}-{day}-{number}")
        shown = start
        while self.queue and self.queue[0][0] <= self.until:
            moment, _, action = heappop(self.queue)
            self.clock.move_to(max(moment, self.clock.now()))
            self.watching, self.seen = None, None
            try:
                story = action()
            except (NotAllowed, NotFound, OutOfOrder, TaskNotOpen):
                story = None
            self.actions += 1
            if story is not None:
                self._look(story)
            if moment - shown >= timedelta(hours=6):
                shown = moment
                yield Progress(moment, (moment - start) / (self.until - start), self.actions)
        self.clock.move_to(self.until)
        yield Progress(self.until, 1.0, self.actions)

    # What customers do

    def _plan_arrival(self, day: datetime, key: str) -> None:
        by_staff = self.random.random() < 0.35
        grievance = self.random.choice(GRIEVANCES)
        unit = self._receiving_unit(grievance, by_staff)
        calendar = self.calendars[unit.calendar]
        at = day + timedelta(seconds=self.random.random() * 86_400)
        if by_staff and not working_time.is_working_moment(calendar, at):
            at = working_time.add_working_time(calendar, at, timedelta(minutes=self.random.uniform(5, 300)))
        arrive = self._by_staff if by_staff else self._by_customer
        self._at(at, lambda: arrive(grievance, unit, key))

    def _by_customer(self, grievance: Grievance, unit: Unit, key: str) -> Story:
        answers = self._checked("complaint", self._complaint_typed(grievance, unit))
        channel = self.random.choice(PORTALS)
        code = None if unit.parent_id is None else unit.code
        given = intake.submit(
            self.ports, SYSTEM, answers, channel=channel, key=key, unit=code, language=grievance.language
        )
        return self._begin(given.complaint_id, given.number, grievance)

    def _by_staff(self, grievance: Grievance, unit: Unit, key: str) -> Story | None:
        owners = [a for a in self.holders[Role.FIRST_OWNER] if a.unit_id == unit.id] or self.holders[
            Role.FIRST_OWNER
        ]
        actor = self.random.choice(owners)
        typed = self._complaint_typed(grievance, unit)
        typed["channel"] = self.random.choice(BY_STAFF)
        typed["received_on"] = working_time.local_day(
            self.calendars[unit.calendar], self.clock.now()
        ).isoformat()
        if typed["channel"] in ("counter", "hotline") and self.random.random() < 0.6:
            typed["settle_now"] = "true"
        answers = self._checked("staff_complaint", typed)
        given = intake.submit(
            self.ports,
            actor,
            answers,
            channel=typed["channel"],
            key=key,
            staff=True,
            unit=unit.code,
            language=grievance.language,
        )
        return self._begin(given.complaint_id, given.number, grievance)

    def _begin(self, complaint_id: int, number: str, grievance: Grievance) -> Story:
        story = self.stories[complaint_id] = Story(complaint_id, grievance, number)
        self.earlier.append(number)
        now = self.clock.now()
        if self.random.random() < 0.12:
            self._at(now + timedelta(hours=self.random.uniform(3, 90)), lambda: self._add_information(story))
        if self.random.random() < 0.05:
            self._at(now + timedelta(hours=self.random.uniform(2, 150)), lambda: self._withdraw(story))
        if self.random.random() < 0.03:
            self._at(now + timedelta(hours=self.random.uniform(10, 120)), lambda: self._raise(story))
        return story

    def _add_information(self, story: Story) -> Story:
        self._watch(story)
        text = self.random.choice(words.MORE[story.grievance.language])
        case.add_information(
            self.ports, customer_of(story.complaint_id), story.complaint_id, text, key="play"
        )
        return story

    def _withdraw(self, story: Story) -> Story:
        self._watch(story)
        reason = words.WITHDRAWN[story.grievance.language]
        case.withdraw(self.ports, customer_of(story.complaint_id), story.complaint_id, reason, key="play")
        return story

    def _raise(self, story: Story) -> Story | None:
        actor = self.random.choice(self.holders[Role.CONSUMER_PROTECTION])
        try:
            case.raise_grade(
                self.ports,
                actor,
                story.complaint_id,
                self.random.choice((Grade.IMPORTANT, Grade.URGENT, Grade.MAJOR)),
                "A journalist asked about it.",
            )
        except RedressError:
            return None
        return story

    def _answer_offer(self, story: Story, plan: Plan) -> Story:
        self._watch(story)
        accepted = self.random.random() < (0.75 if plan.round == 1 else 0.85)
        comment = "" if accepted else story.grievance.wish
        actor = customer_of(story.complaint_id)
        case.answer_offer(self.ports, actor, story.complaint_id, accepted, comment, key=f"play-{plan.id}")
        return story

    def _rate(self, story: Story) -> None:
        stars = self.random.choices((1, 2, 3, 4, 5), (1, 1, 2, 4, 3))[0]
        case.rate(self.ports, customer_of(story.complaint_id), story.complaint_id, stars)

    # What staff do

    def _claim(self, story: Story, task: Task, actor: Actor) -> None:
        inbox.claim(self.ports, actor, task.instance_id, task.token)

    def _work_on(
        self, story: Story, task: Task, actor: Actor, complaint: Complaint, plan: Plan | None
    ) -> Story:
        earlier = next((number for number in reversed(self.earlier[-8:]) if number != story.number), None)
        moment = Moment(self.random, complaint, story.grievance, task, plan, self.departments, earlier)
        answers = self._checked(task.form or "", answers_for(moment), task.inputs)
        self._watch(story)
        inbox.complete(self.ports, actor, task.instance_id, task.token, answers)
        if task.form == "convene":
            self._chase(story, actor)
        return story

    def _chase(self, story: Story, actor: Actor) -> None:
        now = self.clock.now()
        if self.random.random() < 0.15:
            self._at(now + timedelta(hours=self.random.uniform(2, 30)), lambda: self._invite(story, actor))
        if self.random.random() < 0.25:
            self._at(now + timedelta(hours=self.random.uniform(20, 60)), lambda: self._nudge(story, actor))

    def _invite(self, story: Story, actor: Actor) -> Story:
        self._watch(story)
        question = words.QUESTION[story.grievance.language]
        department = self.random.choice(self.departments)
        collaboration.invite(self.ports, actor, story.complaint_id, department, question, 3)
        return story

    def _nudge(self, story: Story, actor: Actor) -> None:
        with self.ports.unit_of_work(SYSTEM) as work:
            asked = work.requests.find(complaint_id=story.complaint_id, state=RequestState.ACCEPTED)
        if asked:
            collaboration.nudge(self.ports, actor, asked[0].id)

    def _fire(self, story: Story, key: tuple[int, int]) -> Story:
        self._watch(story)
        story.timers.pop(key, None)
        deadlines.fire_timer(self.ports, *key)
        return story

    # How one thing leads to the next

    def _look(self, story: Story) -> None:
        seen = self._fresh(story)
        if seen.something_to_send:
            self._watch(story)
            outbox.deliver(self.ports, self.senders)
            seen = self._fresh(story)
        for task in seen.tasks:
            if (task.instance_id, task.token) not in story.tasks:
                story.tasks.add((task.instance_id, task.token))
                self._give(story, task, seen)
        for timer in seen.timers:
            key = (timer.instance_id, timer.token)
            if timer.due_at is not None and story.timers.get(key) != timer.due_at:
                story.timers[key] = timer.due_at
                self._at(timer.due_at, lambda key=key: self._fire(story, key))  # type: ignore[misc]
        plan = seen.plan
        if plan is not None and plan.state is PlanState.OFFERED and plan.id not in story.offers:
            story.offers.add(plan.id)
            if self.random.random() < 0.92:
                self._after(
                    timedelta(hours=self.random.uniform(2, 90)), lambda: self._answer_offer(story, plan)
                )
        if not seen.complaint.is_open and not story.rated:
            story.rated = True
            if self.random.random() < 0.5:
                self._after(timedelta(hours=self.random.uniform(1, 60)), lambda: self._rate(story))

    def _watched(self, unit_of_work: OpenWork) -> OpenWork:
        """Transactions that, before they commit, take a look at the complaint they were about."""

        @contextmanager
        def watched(actor: Actor) -> Iterator[UnitOfWork]:
            with unit_of_work(actor) as work:
                yield work
                if self.watching is not None:
                    self.seen = seen_of(work, self.watching.complaint_id)

        return watched

    def _fresh(self, story: Story) -> Seen:
        """What the action's own transaction saw, or a look of its own."""
        seen, self.watching, self.seen = self.seen, None, None
        if seen is not None and seen.complaint.id == story.complaint_id:
            return seen
        with self.ports.unit_of_work(SYSTEM) as work:
            return seen_of(work, story.complaint_id, is_new=True)

    def _watch(self, story: Story) -> None:
        self.watching, self.seen = story, None

    def _give(self, story: Story, task: Task, seen: Seen) -> None:
        complaint, plan = seen.complaint, seen.plan
        able = [actor for actor in self.holders.get(task.role, ()) if may_do(task, actor, complaint)]
        if not able:
            return
        near = [actor for actor in able if actor.unit_id == task.unit_id] or able
        actor = self.random.choice(near)
        calendar = self._calendar_of(actor)
        hours = WORK.get(task.form or "", 4) * exp(self.random.gauss(0, 0.6))
        if self.random.random() < LATE:
            hours *= LATE_TIMES
        hours /= 1 + task.grade_rank * 0.4
        done = working_time.add_working_time(calendar, self.clock.now(), timedelta(hours=hours))
        if self.random.random() < CLAIMED_FIRST:
            begun = working_time.add_working_time(calendar, self.clock.now(), timedelta(hours=hours * 0.4))
            self._at(begun, lambda: self._claim(story, task, actor))
        self._at(done, lambda: self._work_on(story, task, actor, complaint, plan))

    # Small things

    def _checked(self, form: str, typed: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> Any:
        names = [{"value": code, "label": code} for code in self.departments]
        environment = Environment(now=self.clock.now())
        return check(self.forms.form(form), typed, {"departments": names, **(context or {})}, environment)

    def _complaint_typed(self, grievance: Grievance, unit: Unit) -> dict[str, Any]:
        chinese = grievance.language == words.ZH
        name = self.random.choice(words.CUSTOMERS_ZH if chinese else words.CUSTOMERS_EN)
        by_mail = self.random.random() < 0.6
        typed = {"text": grievance.text, "wish": grievance.wish, "customer_name": name}
        typed["contact_by"] = "email" if by_mail else "phone"
        if by_mail:
            typed["customer_email"] = f"customer{self.random.randint(100, 9999)}@mail.example"
        else:
            typed["customer_phone"] = f"1{self.random.randint(3_000_000_000, 9_999_999_999)}"
        if self.random.random() < 0.7:
            typed["product"] = grievance.product
        if grievance.most and self.random.random() < 0.8:
            typed["amount"] = str(self.random.randint(grievance.least, grievance.most))
        return typed

    def _receiving_unit(self, grievance: Grievance, by_staff: bool) -> Unit:
        abroad = grievance.language == words.EN
        codes: tuple[str, ...] = ("SH-XH", "SH-PD", "SH", "HO")
        if abroad:
            codes = ("INTL-LON", "INTL-LON", "INTL-NYC", "INTL")
        if not by_staff and self.random.random() < 0.4:
            codes = ("INTL",) if abroad else ("HO",)
        by_code = {unit.code: unit for unit in self.units.values()}
        return by_code[self.random.choice(codes)]

    def _calendar_of(self, actor: Actor) -> Calendar:
        return self.calendars[self.units[actor.unit_id or 0].calendar]

    def _at(self, moment: datetime, action: Callable[[], Story | None]) -> None:
        if moment.microsecond:
            moment = moment.replace(microsecond=0) + timedelta(seconds=1)
        if moment <= self.until:
            heappush(self.queue, (moment, next(self.order), action))

    def _after(self, length: timedelta, action: Callable[[], Story | None]) -> None:
        self._at(self.clock.now() + length, action)
