"""Public articles and the newsletter's doors; and the practice's side: write, publish, moderate, send."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.pages import actions, mailing, text
from tautband.clinic.pages.forms import ArticleForm, CommentForm, NewsForm, NewsletterForm
from tautband.clinic.pages.models import Article, Comment, Subscriber
from tautband.clinic.people.forms import new_key
from tautband.clinic.people.http import member_only, owner_only
from tautband.clinic.people.post import base_url

UNPROCESSABLE, CONFLICT, GONE, TOO_MANY = 422, 409, 410, 429


@login_not_required
@require_GET
def articles(request: HttpRequest) -> HttpResponse:
    """What is published."""
    found = Article.objects.filter(published_at__isnull=False).select_related("by")
    return render(request, "pages/articles.html", {"articles": found, "news_form": NewsForm()})


@login_not_required
@require_http_methods(["GET", "POST"])
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article with the comments that were let through; a comment sent here waits."""
    shown = Article.objects.filter(slug=slug).select_related("by")
    found = get_object_or_404(shown if request.member else shown.filter(published_at__isnull=False))
    form = CommentForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if not ratelimit.consume(request, action="public_form"):
            form.add_error(None, _("That was often. Try again in an hour."))
            status = TOO_MANY
        elif form.is_valid():
            said = {name: form.cleaned_data[name] for name in ("name", "text", "key")}
            try:
                actions.comment(article=found, **said)
            except KeyReused:
                form.fresh()
                form.add_error(None, _("An earlier version of this was sent already. Send again to add this one."))
                status = CONFLICT
            else:
                messages.success(request, _("Thank you. It is shown once somebody here has read it."))
                return redirect("pages:article", slug)
    html = mark_safe(text.as_html(found.body))  # noqa: S308 - raw HTML is off in the renderer
    context = {"article": found, "html": html, "form": form, "comments": found.comments.filter(shown=True)}
    return render(request, "pages/article.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def news(request: HttpRequest) -> HttpResponse:
    """The first yes. Says the same to everybody."""
    form = NewsForm(request.POST or None)
    if request.method == "POST" and not ratelimit.consume(request, action="public_form"):
        form.add_error(None, _("That was often. Try again in an hour."))
        return render(request, "pages/news.html", {"form": form}, status=TOO_MANY)
    if request.method == "POST" and form.is_valid() and request.practice:
        token = actions.ask_for_news(practice=request.practice, email=form.cleaned_data["email"])
        if token:
            mailing.ask(token=token, base=base_url(request))
        return render(request, "pages/said.html", {"what": "asked"})
    return render(request, "pages/news.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The second yes, by a button: mail programs follow links by themselves."""
    reader = actions.reader_to_confirm(token)
    if reader is None:
        return render(request, "pages/said.html", {"what": "old"}, status=GONE)
    if request.method == "POST":
        actions.confirm(reader=reader)
        return render(request, "pages/said.html", {"what": "confirmed"})
    return render(request, "pages/said.html", {"what": "confirm"})


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """One click: a mail program posts here by itself (RFC 8058), so the signed link alone must do."""
    reader = actions.reader_to_leave(token)
    if reader is None:
        return render(request, "pages/said.html", {"what": "gone"})
    if request.method == "POST":
        actions.leave(reader=reader)
        return render(request, "pages/said.html", {"what": "left"})
    return render(request, "pages/said.html", {"what": "leave"})


# --- The practice's side ------------------------------------------------------------------------------------------


@member_only
@require_GET
def manage(request: HttpRequest) -> HttpResponse:
    """Articles, comments that wait, readers."""
    context = {
        "articles": Article.objects.filter(practice=request.practice).select_related("by"),
        "waiting": Comment.objects.filter(article__practice=request.practice, shown=None).select_related("article"),
        "readers": Subscriber.objects.filter(practice=request.practice, confirmed_at__isnull=False).count(),
    }
    return render(request, "pages/manage.html", context)


@member_only
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, article_id: UUID | None = None) -> HttpResponse:
    """Write an article; words that must not be claimed are named before anybody else reads them."""
    mine = Article.objects.filter(practice=request.practice).select_related("by")
    found = get_object_or_404(mine, pk=article_id) if article_id else None
    start = {"title": found.title, "body": found.body, "version": found.version} if found else None
    form = ArticleForm(request.POST or None, initial=start)
    status = UNPROCESSABLE if form.errors else 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"version": form.cleaned_data["version"] or 0}
        try:
            found = actions.keep_article(by=request.member, article=found, **said)
        except (KeyReused, actions.ChangedMeanwhile):
            form.fresh()
            form.add_error(None, _("It was saved in another tab meanwhile. Your words are below; copy what you need."))
            status = CONFLICT
        else:
            messages.success(request, _("Saved."))
            return redirect("pages:write", found.pk)
    warned = text.warnings(f"{found.title}. {found.body}") if found else []
    versions = list(found.versions.select_related("by")) if found else []
    context: dict[str, Any] = {"form": form, "article": found, "warnings": warned, "versions": versions}
    return render(request, "pages/write.html", context, status=status)


@member_only
@never_cache
@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, article_id: UUID, number: int) -> HttpResponse:
    """What the article said at one time, what of it differs from now, and the way back to it."""
    found = get_object_or_404(Article, pk=article_id, practice=request.practice)
    old = get_object_or_404(found.versions.select_related("by"), number=number)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            seen_number = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
            actions.restore_version(by=request.member, version=old, seen=seen_number, key=request.POST.get("key"))
        except (KeyReused, actions.ChangedMeanwhile):
            messages.error(request, _("It was saved in another tab meanwhile. Look at what it says now first."))
        else:
            messages.success(request, _("It says again what it said then. What it said in between is kept."))
        return redirect("pages:write", found.pk)
    context = {
        "article": found,
        "old": old,
        "html": mark_safe(text.as_html(old.body)),  # noqa: S308 - raw HTML is off in the renderer
        "lines": text.changes(old.body, found.body),
        "warnings": text.warnings(f"{old.title}. {old.body}"),
        "key": new_key(),
    }
    return render(request, "pages/version.html", context)


@member_only
@require_POST
def publish(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Let everybody read it, or nobody."""
    found = get_object_or_404(Article, pk=article_id, practice=request.practice)
    on = request.POST.get("on") == "1"
    actions.publish(by=request.member, article=found, on=on)
    messages.success(request, _("Everybody can read it now.") if on else _("Nobody outside reads it now."))
    return redirect("pages:write", found.pk)


@member_only
@require_POST
def moderate(request: HttpRequest, number: int) -> HttpResponse:
    """Let a comment through or keep it out."""
    found = get_object_or_404(Comment, pk=number, article__practice=request.practice)
    actions.moderate(by=request.member, comment=found, show=request.POST.get("show") == "1")
    return redirect("pages:manage")


@owner_only
@require_http_methods(["GET", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    """Send a number. A first press shows what must not be claimed, a second sends."""
    form = NewsletterForm(request.POST or None)
    warned: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        warned = text.warnings(f"{form.cleaned_data['subject']}. {form.cleaned_data['body']}")
        if not warned or request.POST.get("anyway") == "1":
            try:
                made = actions.send_newsletter(by=request.member, **form.cleaned_data)
            except KeyReused:
                messages.error(request, _("A number was sent from this page already. Open it anew for another one."))
            else:
                mailing.send_to_all(newsletter=made, base=base_url(request))
                messages.success(request, _("On its way to %(readers)s readers.") % {"readers": made.readers})
            return redirect("pages:manage")
    status = UNPROCESSABLE if form.errors or warned else 200
    return render(request, "pages/newsletter.html", {"form": form, "warnings": warned}, status=status)
