"""W1 in Viewflow's own words."""

from datetime import timedelta

from django.views.generic import View
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process
from viewflow.workflow.nodes.boundary import TimerBoundary


class W1Flow(flow.Flow):
    """Five tasks in a row, a gateway on a variable, three tasks at once, and a timer that never fires."""

    process_class = Process

    start = flow.StartHandle(this.begin).Next(this.first)
    first = flow.View(View.as_view()).Next(this.second)
    never = TimerBoundary(this.first, delay=timedelta(days=365)).Next(this.end)
    second = flow.View(View.as_view()).Next(this.third)
    third = flow.View(View.as_view()).Next(this.fourth)
    fourth = flow.View(View.as_view()).Next(this.fifth)
    fifth = flow.View(View.as_view()).Next(this.gateway)
    gateway = (
        flow.If(lambda activation: activation.process.data["amount"] >= 100).Then(this.split).Else(this.end)
    )
    split = flow.Split().Next(this.left).Next(this.middle).Next(this.right)
    left = flow.View(View.as_view()).Next(this.join)
    middle = flow.View(View.as_view()).Next(this.join)
    right = flow.View(View.as_view()).Next(this.join)
    join = flow.Join().Next(this.end)
    end = flow.End()

    def begin(self, activation):
        """Nothing is asked at the start."""
        return activation.process
