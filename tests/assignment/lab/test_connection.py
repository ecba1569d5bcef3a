"""A page that restarts a kernel before it is idle gets the replies of the new one."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("jupyter_server", reason="JupyterLab runs in the other environment")

from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.web import HTTPError

from assignment.lab.connection import RestartableConnection

KERNEL = "5f6e0b1c-0000-0000-0000-000000000000"


class Page(KernelWebsocketHandler):
    """The server's end of a page's websocket, without the page."""

    selected_subprotocol = "v1.kernel.websocket.jupyter.org"

    def __init__(self):
        self.is_closed = False

    def close(self):
        self.is_closed = True


@pytest.fixture
def kernel(tmp_path):
    """Return a kernel that has its ports and does not answer yet, known to the server."""
    kernels = AsyncMappingKernelManager(root_dir=str(tmp_path))
    kernel = ServerKernelManager(parent=kernels, connection_file=str(tmp_path / "kernel.json"))
    kernel.write_connection_file()
    kernel.kernel_id, kernel.execution_state = KERNEL, "starting"
    kernels._kernels[KERNEL] = kernel
    kernels._kernel_connections[KERNEL] = 0
    kernels._kernel_ports[KERNEL] = kernel.ports
    yield kernel
    RestartableConnection._open_sessions.clear()
    kernel.cleanup_connection_file()
    kernel.context.destroy(linger=0)  # those sockets that wait for the next connection


def connection_of(kernel, session: str = "the page") -> RestartableConnection:
    page = Page()
    page.connection = RestartableConnection(parent=kernel, websocket_handler=page)
    page.connection.session.session = session
    return page.connection


async def open_connection(connection: RestartableConnection) -> None:
    await connection._register_session()
    connection.connect()
    await asyncio.sleep(0)


def open_connections(kernel) -> int:
    return kernel.parent._kernel_connections[KERNEL]


async def test_the_second_connection_of_a_session_takes_over_the_sockets_of_the_first(kernel):
    first, second = connection_of(kernel), connection_of(kernel)
    await open_connection(first)
    sockets = dict(first.channels)
    await open_connection(second)
    assert dict(second.channels) == sockets
    assert not any(stream.closed() for stream in sockets.values())
    assert first.channels == {}
    assert first.websocket_handler.is_closed
    assert open_connections(kernel) == 1


async def test_the_first_connection_waits_no_longer_when_the_second_goes_on(kernel):
    first, second = connection_of(kernel), connection_of(kernel)
    await open_connection(first)
    assert not first._connected.done()
    await second._register_session()
    assert first._connected.done()


async def test_what_the_page_still_sends_to_the_first_connection_is_ignored(kernel):
    first, second = connection_of(kernel), connection_of(kernel)
    await open_connection(first)
    await open_connection(second)
    first.websocket_handler.selected_subprotocol = (
        None  # as tornado has it once the websocket is closing
    )
    first.handle_incoming_message(b"\x06" + bytes(7))


async def test_a_connection_that_leaves_twice_is_counted_once(kernel):
    other, first = connection_of(kernel, "another page"), connection_of(kernel)
    await open_connection(other)
    await open_connection(first)
    first.disconnect()
    first.disconnect()
    assert open_connections(kernel) == 1


class TestAConnectionReplacedWhileItWaitsForKernelInfo:
    async def test_is_not_counted_and_does_not_connect_any_more(self, kernel):
        kernel.ready.set_result(None)
        kernel.is_alive = lambda: True
        first, second = connection_of(kernel), connection_of(kernel)
        preparing = asyncio.ensure_future(first.prepare())
        await asyncio.sleep(0.1)
        await open_connection(second)
        with pytest.raises(HTTPError, match="connected anew"):
            await preparing
        assert open_connections(kernel) == 1

    async def test_lets_the_next_one_ask_the_restarted_kernel_itself(self, kernel):
        first, second = connection_of(kernel), connection_of(kernel)
        await first._register_session()
        answer_to_first = first.request_kernel_info()
        await second._register_session()
        answer_to_second = second.request_kernel_info()
        await asyncio.sleep(0)
        assert answer_to_first.done()
        assert not answer_to_second.done()


async def test_a_page_that_goes_while_it_waits_for_kernel_info_can_come_again(kernel):
    first, second = connection_of(kernel), connection_of(kernel)
    await first._register_session()
    first.disconnect()
    await open_connection(second)
    assert not first.websocket_handler.is_closed  # it was gone; tornado can't close it once more
    assert open_connections(kernel) == 1
