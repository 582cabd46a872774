"""Pausing a connection, lending the dependent's rights to the main, and what the main does with them."""

from collections.abc import Sequence

import strawberry

from backend.access.ids import row_id
from backend.access.policy import Right, demand_person, side
from backend.connections.copying import copy_settings as copy
from backend.connections.delegation import set_delegation as delegate
from backend.connections.pause import pause, resume
from backend.connections.settings import current_settings
from backend.errors import ErrorCode, UserError, UserErrors
from backend.models.connection import Connection as ConnectionRow
from backend.models.shop import Role
from backend.resolvers.announce import announce
from backend.schema.connection import Connection
from backend.schema.context import Info
from backend.schema.errors import UserError as UserErrorType
from backend.schema.job import Job
from backend.schema.rights import (
    ConnectionPayload,
    CopySettingsPayload,
    ResumeConnectionPayload,
    SettingsCopy,
)
from backend.sync.settings import SyncSettings

_MOST_TARGETS = 250


async def pause_connection(info: Info, connection_id: strawberry.ID) -> ConnectionPayload:
    scope = info.context.scope
    row = await _connection(info, connection_id, Right.PAUSE)
    paused = await pause(row.id, side(scope.principal, row), allow=scope.guard(Right.PAUSE))
    return ConnectionPayload(connection=Connection.of(paused))


async def resume_connection(info: Info, connection_id: strawberry.ID) -> ResumeConnectionPayload:
    scope = info.context.scope
    row = await _connection(info, connection_id, Right.RESUME)
    resumed, job = await resume(
        row.id,
        allow=scope.guard(Right.RESUME),
        now=info.context.services.clock.now(),
        created_by=scope.principal.user,
    )
    await announce(info, [job])
    return ResumeConnectionPayload(connection=Connection.of(resumed), job=Job.of(job) if job else None)


async def set_delegation(info: Info, connection_id: strawberry.ID, enabled: bool) -> ConnectionPayload:
    scope = info.context.scope
    demand_person(scope.principal)
    row = await _connection(info, connection_id, Right.DELEGATE)
    changed = await delegate(row.id, enabled, allow=scope.guard(Right.DELEGATE), by=scope.principal.user)
    return ConnectionPayload(connection=Connection.of(changed))


async def copy_settings(
    info: Info,
    from_connection_id: strawberry.ID,
    to_connection_ids: list[strawberry.ID],
    start_sync: bool = True,
) -> CopySettingsPayload:
    """Each connection is a matter of its own: one that can't be written to stops no other."""
    source, settings = await _source(info, from_connection_id)
    _check_targets(to_connection_ids)
    copies: list[SettingsCopy] = []
    refused: list[UserErrorType] = []
    for index, each in enumerate(to_connection_ids):
        if each in to_connection_ids[:index]:
            continue
        field = ("toConnectionIds", str(index))
        try:
            copies.append(await _copy(info, settings, source, each, field, start=start_sync))
        except (UserError, UserErrors) as fault:
            info.context.services.metrics.errors[fault.code.value] += 1
            for one in fault.errors if isinstance(fault, UserErrors) else (fault,):
                at_target = UserError(one.code, one.message, field=field, params=one.params)
                refused.append(UserErrorType.of(at_target))
    return CopySettingsPayload(copies=copies, user_errors=refused)


async def _source(info: Info, connection_id: str) -> tuple[ConnectionRow, SyncSettings]:
    """The connection of a main, and its settings: those of one that has ended can be copied too."""
    field, scope = "fromConnectionId", info.context.scope
    source = await scope.connection(row_id(connection_id, field), field)
    if side(scope.principal, source) is not Role.MAIN:
        raise UserError(ErrorCode.NOT_A_MAIN, "Only a main copies settings.", field=(field,))
    found = await current_settings(source)
    if found is None:
        raise UserError(ErrorCode.SETTINGS_NOT_CHOSEN, "There are no settings to copy yet.", field=(field,))
    return source, found[1]


def _check_targets(ids: Sequence[str]) -> None:
    field = ("toConnectionIds",)
    if not ids:
        raise UserError(ErrorCode.INVALID_INPUT, "Say which connections to copy to.", field=field)
    if len(ids) > _MOST_TARGETS:
        params = {"limit": str(_MOST_TARGETS)}
        raise UserError(ErrorCode.TOO_MANY, "Too many at once.", field=field, params=params)


async def _copy(
    info: Info,
    settings: SyncSettings,
    source: ConnectionRow,
    target_id: str,
    field: tuple[str, ...],
    *,
    start: bool,
) -> SettingsCopy:
    scope = info.context.scope
    target = await scope.connection(row_id(target_id, *field), *field, right=Right.EDIT_SETTINGS)
    if target.id == source.id:
        raise UserError(ErrorCode.COPY_TO_ITSELF, "These are the settings that are copied.")
    done = await copy(
        settings,
        source,
        target,
        allow=scope.guard(Right.EDIT_SETTINGS),
        now=info.context.services.clock.now(),
        start=start,
        created_by=scope.principal.user,
    )
    await announce(info, [done.saved.job])
    return SettingsCopy.of(target, done)


async def _connection(info: Info, connection_id: str, right: Right) -> ConnectionRow:
    wanted = row_id(connection_id, "connectionId")
    return await info.context.scope.connection(wanted, "connectionId", right=right)
