"""A kernel's connection to a page that survives a restart before the kernel is idle.

Restart a starting kernel, and JupyterLab opens a second connection of the same session while the
first one still waits for the kernel. jupyter-server (2.14.2 to 2.21.1, read and tried) has the
page close the first one, but it only notices once its wait has ended. Until then:

- Both have ZeroMQ sockets of the same identity. The kernel's ROUTER gives replies to the one that
  connected last. Where that is the first connection, the page waits for ever.
- What the page had sent to the first connection is read by the wrong protocol, as a message of
  some hundred million parts: the whole server stands still for seconds.
- Where the first connection was waiting for `kernel_info_reply`, the second one waits for that
  same reply. The request died with the kernel, so this takes 60 s
  (https://github.com/jupyter-server/jupyter_server/issues/1560).
- A connection that goes before it was counted is counted down all the same. From then on the
  server takes an open connection for the last one that left, and keeps stale sockets.
"""

from __future__ import annotations

import asyncio

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web


class RestartableConnection(ZMQChannelsWebsocketConnection):
    """A connection that leaves at once, and once only, when another one takes its place."""

    _connected: asyncio.Future | None = None  # done when the kernel has answered
    _counted = False
    _left = False

    async def prepare(self) -> None:
        """Wait for the kernel; raise HTTPError where this connection was replaced meanwhile."""
        await super().prepare()
        if self._left:
            raise web.HTTPError(410, "the page has connected anew")

    async def _register_session(self) -> None:
        """Register this connection; have the one that it replaces leave before it goes on."""
        handler = self._open_sessions.get(f"{self.kernel_id}:{self.session.session}")
        await super()._register_session()
        replaced = getattr(handler, "connection", None)
        if replaced is not None and replaced is not self:
            replaced.disconnect()
            if replaced._connected is not None:
                await asyncio.wait([replaced._connected])

    def connect(self) -> asyncio.Future | None:
        self._counted = True
        self._connected = super().connect()
        return self._connected

    def disconnect(self) -> None:
        """Leave: stop waiting for the kernel, and give the sockets to whoever comes next."""
        if self._left:
            return
        self._left = True
        if self._connected is not None:
            self._connected.cancel()
        if self._counted:
            super().disconnect()
        else:
            self._leave_unconnected()
        self.channels = {}  # what the page still sends here is ignored

    def _leave_unconnected(self) -> None:
        """Leave without being counted; who waits for this connection's kernel info goes on."""
        if self._open_sessions.get(self.session_key) is self.websocket_handler:
            del self._open_sessions[self.session_key]
        if self.kernel_info_channel is None:
            return
        self.kernel_info_channel.close()
        self.kernel_info_channel = None
        if getattr(self.kernel_manager, "_kernel_info_future", None) is self._kernel_info_future:
            del self.kernel_manager._kernel_info_future
        if not self._kernel_info_future.done():
            self._kernel_info_future.set_result({})
