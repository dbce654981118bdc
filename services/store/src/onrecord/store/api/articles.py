"""Articles, and what was said in them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from onrecord.store.adapters.reader import ArticleFilter, Position, Reader
from onrecord.store.api.cursor import decode_cursor, encode_cursor
from onrecord.store.api.statements import Address, Cursor, Text, Time, found_or_404
from onrecord.store.domain.answers import ArticlePage, ArticleWithStatements, Problem


def router(reader: Reader, page_size: int, max_page_size: int) -> APIRouter:
    routes = APIRouter(prefix="/v1", responses={404: {"model": Problem}})
    Limit = Annotated[int, Query(ge=1, le=max_page_size)]

    @routes.get("/articles", response_model_exclude_none=True)
    async def articles(
        outlet: Text = None,
        since: Time = None,
        until: Time = None,
        url: Address = None,
        cursor: Cursor = None,
        limit: Limit = page_size,
    ) -> ArticlePage:
        wanted = ArticleFilter(outlet.casefold() if outlet else None, since, until, url)
        found = await reader.articles(wanted, decode_cursor(cursor), limit + 1)
        page = found[:limit]
        more = len(found) > limit
        return ArticlePage(articles=page, next=encode_cursor(Position(page[-1].at, page[-1].article_id)) if more else None)

    @routes.get("/articles/{article_id}", response_model_exclude_none=True)
    async def article(article_id: UUID) -> ArticleWithStatements:
        return found_or_404(await reader.article(article_id), "article")

    return routes
