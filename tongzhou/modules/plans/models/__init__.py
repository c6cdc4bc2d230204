"""Plans with their parts, who was consulted, activations, tasks."""

from tongzhou.modules.plans.models.acting import Activation, Task
from tongzhou.modules.plans.models.parts import Level, PlannedTask, Post, Resource, Section
from tongzhou.modules.plans.models.plan import Contributor, Opinion, Plan

__all__ = [
    "Activation", "Contributor", "Level", "Opinion", "Plan", "PlannedTask", "Post", "Resource", "Section", "Task",
]  # fmt: skip
