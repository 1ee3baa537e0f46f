/**
 * The page's own script: it hears which parts have changed, puts the new ones in the place of the old ones,
 * and says how long ago things were. It is served as its own text, so it uses nothing from outside itself.
 */
export function client() {
  const main = document.getElementById('targets');
  const live = document.getElementById('live');
  const said = document.getElementById('said');
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
  let source;
  let heardAt;
  let wanted;
  let busy = false;

  writeTimes(document);
  setInterval(() => {
    writeTimes(document);
    notice();
  }, 5_000);
  document.addEventListener('visibilitychange', notice);
  notice();

  /**
   * A browser has six connections for all tabs of a server, so a hidden page gives its own back. And a network
   * that is gone says nothing: a stream that misses its heartbeats is begun anew.
   */
  function notice() {
    const silent = source !== undefined && heardAt !== undefined && Date.now() - heardAt > 40_000;
    if (source !== undefined && (document.hidden || silent)) {
      source.close();
      source = undefined;
    }
    if (document.hidden) return;
    if (silent) showLost();
    if (source === undefined) connect();
  }

  function connect() {
    const stream = new EventSource('/events');
    source = stream;
    stream.addEventListener('parts', (event) => {
      heardAt = Date.now();
      wanted = JSON.parse(event.data);
      void catchUp();
    });
    stream.addEventListener('alive', () => {
      heardAt = Date.now();
    });
    stream.addEventListener('error', () => {
      showLost();
      // It tries again by itself, but not after an answer that was no stream: then the next notice does.
      if (stream.readyState === EventSource.CLOSED && source === stream) source = undefined;
    });
  }

  function showLive() {
    live.dataset.state = 'on';
    live.textContent = 'Live';
  }

  /** Marks the shown page as old, with its age. */
  function showLost() {
    if (live.dataset.state === 'on') said.textContent = 'The connection is lost';
    live.dataset.state = 'off';
    live.textContent = 'Reconnecting';
    if (heardAt === undefined) return;
    const time = document.createElement('time');
    time.dateTime = new Date(heardAt).toISOString();
    live.append(', last heard ', time);
    writeTimes(live);
  }

  /** One after the other, and the newest only. */
  async function catchUp() {
    if (busy) return;
    busy = true;
    while (wanted !== undefined) {
      const next = wanted;
      wanted = undefined;
      try {
        await bring(next);
        showLive();
      } catch {
        showLost();
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        wanted ??= next;
      }
    }
    busy = false;
  }

  async function bring({ version, parts }) {
    // Another program answers now, or the viewer has signed in or out elsewhere: that takes another page.
    if (version !== live.dataset.version) return location.reload();
    const old = parts.filter(([id, newest]) => document.getElementById(id)?.dataset.version !== newest);
    // An address must not exceed the length that all servers accept.
    for (let i = 0; i < old.length; i += 40) await fetchParts(old.slice(i, i + 40).map(([id]) => id));
    const ids = parts.map(([id]) => id);
    for (const part of [...main.children]) if (!ids.includes(part.id)) part.remove();
    ids.forEach((id, i) => {
      const part = document.getElementById(id);
      if (part !== null && main.children[i] !== part) main.insertBefore(part, main.children[i] ?? null);
    });
  }

  async function fetchParts(ids) {
    const asked = [['version', live.dataset.version], ...ids.map((id) => ['id', id])];
    const response = await fetch(`/parts?${new URLSearchParams(asked)}`);
    if (response.status === 205) return location.reload();
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of [...page.body.children]) {
      const fresh = document.importNode(part, true);
      writeTimes(fresh);
      const current = document.getElementById(part.id);
      if (current === null) main.append(fresh);
      else replace(current, fresh);
    }
  }

  /** Keeps unfolded parts unfolded, and the focus in its place. */
  function replace(current, fresh) {
    const before = keyed(current, 'details');
    for (const [key, details] of keyed(fresh, 'details')) {
      if (before.has(key)) details.open = before.get(key).open;
    }
    const focusable = 'a, button, summary, [tabindex]';
    const focused = [...keyed(current, focusable)].find(([, element]) => element === document.activeElement);
    const had = current.contains(document.activeElement);
    announce(current, fresh);
    current.replaceWith(fresh);
    if (had) (keyed(fresh, focusable).get(focused?.[0]) ?? fresh).focus({ preventScroll: true });
  }

  /** Elements by what stays the same of them from one version to the next. */
  function keyed(root, selector) {
    const found = new Map();
    for (const element of root.querySelectorAll(selector)) {
      const owner = element.tagName === 'SUMMARY' ? element.parentElement : element;
      const text = (owner.tagName === 'DETAILS' ? owner.querySelector('summary') : owner)?.textContent;
      const base = `${element.tagName} ${owner.dataset.key ?? text}`;
      let key = base;
      for (let n = 2; found.has(key); n += 1) key = `${base} ${n}`;
      found.set(key, element);
    }
    return found;
  }

  function announce(current, fresh) {
    if (fresh.dataset.status === undefined || fresh.dataset.status === current.dataset.status) return;
    said.textContent = `${fresh.dataset.name}: ${fresh.dataset.status}`;
  }

  function writeTimes(root) {
    for (const time of root.querySelectorAll('time')) {
      time.title ||= time.textContent;
      time.textContent = ago(Date.parse(time.dateTime) - Date.now());
    }
  }

  function ago(ms) {
    const seconds = Math.round(ms / 1000);
    const size = Math.abs(seconds);
    if (size < 5) return seconds > 0 ? 'any moment' : 'just now';
    if (size < 60) return relative.format(seconds, 'second');
    if (size < 3_600) return relative.format(Math.round(seconds / 60), 'minute');
    if (size < 36 * 3_600) return relative.format(Math.round(seconds / 3_600), 'hour');
    return relative.format(Math.round(seconds / 86_400), 'day');
  }
}
