"""The line from web to realtime processes: python-socketio's messages over Redis, with short time limits.

What cannot be published raises LineDown, so that it is sent again; a dead subscription is renewed."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterator
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio import RedisManager

LIMIT_S = 1.0
SILENCE_S = 5.0
LISTENING_S = 30
log = logging.getLogger("synak")


class LineDown(Exception):
    """Redis does not answer; nothing is known of what was sent."""


class RedisLine(RedisManager):  # type: ignore[misc]
    """`deployment` keeps apart those who share a Redis. Without a server (`is_sender`) it only sends."""

    def __init__(self, url: str, deployment: str, *, is_sender: bool) -> None:
        # A broken connection is opened anew once; a frozen Redis is not asked twice.
        retry = Retry(NoBackoff(), 1, (redis.ConnectionError,))
        options = {"socket_timeout": LIMIT_S, "socket_connect_timeout": LIMIT_S, "retry": retry}
        super().__init__(url, f"synak-{deployment}", write_only=is_sender, redis_options=options)
        self._redis_connect()  # makes the pool; nothing is sent yet

    def listen_for(self, topics: Collection[str], now_s: float) -> None:
        """Senders know that somebody listens to `topics` here."""
        if not topics:
            return
        try:
            pipe = self.redis.pipeline(transaction=False)
            pipe.zadd(self._key("topics"), dict.fromkeys(topics, now_s))
            pipe.zremrangebyscore(self._key("topics"), 0, now_s - LISTENING_S)
            pipe.execute()
        except redis.RedisError as error:
            raise LineDown(type(error).__name__) from error

    def listened(self, now_s: float, every_s: float) -> list[str]:
        """The topics somebody listens to in some process; none to all but one asker in `every_s`."""
        try:
            if not self.redis.set(self._key("pulse"), 1, nx=True, px=int(every_s * 1000)):
                return []
            found = self.redis.zrangebyscore(self._key("topics"), now_s - LISTENING_S, "+inf")
        except redis.RedisError as error:
            raise LineDown(type(error).__name__) from error
        return [name.decode() for name in found]

    def _key(self, name: str) -> str:
        return f"{self.channel}:{name}"

    def _publish(self, data: dict[str, Any]) -> None:
        try:
            self.redis.publish(self.channel, self.json.dumps(data))
        except redis.RedisError as error:
            raise LineDown(type(error).__name__) from error

    def _listen(self) -> Iterator[bytes]:
        is_down = False
        while True:
            try:
                for data in self._heard():
                    if is_down:
                        log.warning("sockets: Redis is heard again")
                    is_down = False
                    yield from data
            except (redis.RedisError, OSError) as error:
                if not is_down:
                    log.error("sockets: Redis is not heard (%s); it tries again", type(error).__name__)
                is_down = True
                time.sleep(LIMIT_S)

    def _heard(self) -> Iterator[tuple[bytes, ...]]:
        """What comes over a new subscription; an empty tuple is a mere sign of life."""
        with self.redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe(self.channel)
            asked = False
            while True:
                message = pubsub.get_message(timeout=SILENCE_S)
                if message is None and pubsub.subscribed and asked:
                    raise redis.ConnectionError("silence")
                if message is None:
                    pubsub.ping()
                asked = message is None
                if message is not None:
                    yield (message["data"],) if message["type"] == "message" else ()
