// The map page: draws the points, and answers mouse, fingers and keys. Needs nothing but the page it stands in.
(() => {
  const data = JSON.parse(document.getElementById('map-data').textContent);
  const bytes = Uint8Array.from(atob(data.places), (c) => c.charCodeAt(0));
  const places = new Uint16Array(bytes.buffer);
  const count = data.paths.length;
  const by = (id) => document.getElementById(id);
  const stage = by('stage');
  const canvas = stage.querySelector('canvas');
  const context = canvas.getContext('2d');
  const card = by('card');
  const outliers = new Set(data.outliers);
  const noFile = new Set(data.noFile);
  const colourings = { cluster: { of: data.clusters, groups: data.groups } };
  if (data.labels) colourings.label = { of: data.labels.of, groups: data.labels.groups };

  let colouring = colourings.cluster;
  /** Pixels of the screen per unit of the map, which is 1 wide and high, and where its corner lies. */
  const view = { scale: 1, x: 0, y: 0 };
  let fitScale = 1;
  let [width, height, density] = [0, 0, 1];
  let hovered = -1;
  let pinned = -1;
  let lit = -1;
  let litByHover = -1;
  let matching = null;
  let wanted = 0;

  const X = (i) => places[2 * i] / 65535;
  const Y = (i) => places[2 * i + 1] / 65535;
  const screenX = (i) => view.x + X(i) * view.scale;
  const screenY = (i) => view.y + Y(i) * view.scale;

  // A grid finds the point under the mouse among very many.
  const cells = Math.max(1, Math.min(256, Math.ceil(Math.sqrt(count / 2))));
  const cellOf = (v) => Math.min(cells - 1, Math.floor(v * cells));
  const grid = new Map();
  for (let i = 0; i < count; i++) {
    const key = cellOf(Y(i)) * cells + cellOf(X(i));
    if (grid.has(key)) grid.get(key).push(i);
    else grid.set(key, [i]);
  }

  function nearest(px, py, reach) {
    const [u, v, r] = [(px - view.x) / view.scale, (py - view.y) / view.scale, reach / view.scale];
    if (u + r < 0 || v + r < 0 || u - r > 1 || v - r > 1) return -1;
    const clamp = (value) => cellOf(Math.max(0, Math.min(1, value)));
    let [best, least] = [-1, reach * reach];
    for (let row = clamp(v - r); row <= clamp(v + r); row++)
      for (let column = clamp(u - r); column <= clamp(u + r); column++)
        for (const i of grid.get(row * cells + column) ?? []) {
          if (!isLit(i)) continue;
          const away = (screenX(i) - px) ** 2 + (screenY(i) - py) ** 2;
          if (away < least) [best, least] = [i, away];
        }
    return best;
  }

  const shownGroup = () => (litByHover >= 0 ? litByHover : lit);
  const isLit = (i) => (shownGroup() < 0 || colouring.of[i] === shownGroup()) && (!matching || matching[i]);

  /** Points grow as they are drawn nearer, but slowly. */
  function radius() {
    const base = Math.max(1.3, Math.min(4.5, 5.6 - 1.15 * Math.log10(Math.max(1, count / 20))));
    return Math.min(9, base * (view.scale / fitScale) ** 0.35);
  }

  const sprites = new Map();
  function sprite(colour, r) {
    const key = `${colour} ${r.toFixed(1)} ${density}`;
    if (sprites.has(key)) return sprites.get(key);
    if (sprites.size > 2000) sprites.clear();
    const side = Math.ceil(2 * (r + 1) * density);
    const disc = document.createElement('canvas');
    disc.width = disc.height = side;
    const pen = disc.getContext('2d');
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(side / 2, side / 2, r * density, 0, 7);
    pen.fill();
    sprites.set(key, disc);
    return disc;
  }

  const paint = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  function draw() {
    wanted = 0;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const r = radius();
    const dims = shownGroup() >= 0 || matching !== null;
    const reach = r + 2;
    for (const bright of dims ? [false, true] : [true]) {
      context.globalAlpha = bright ? (count > 20000 ? 0.65 : 0.85) : 0.08;
      for (let i = 0; i < count; i++) {
        if (dims && isLit(i) !== bright) continue;
        const [px, py] = [screenX(i), screenY(i)];
        if (px < -reach || py < -reach || px > width + reach || py > height + reach) continue;
        const disc = sprite(colouring.groups[colouring.of[i]]?.colour ?? '#9aa3ad', r);
        context.drawImage(disc, px * density - disc.width / 2, py * density - disc.height / 2);
      }
    }
    context.setTransform(density, 0, 0, density, 0, 0);
    context.globalAlpha = 1;
    if (by('rings').checked) {
      context.strokeStyle = paint('ink');
      context.lineWidth = 1.25;
      for (const i of outliers) if (isLit(i)) ring(i, r + 3);
    }
    if (colouring === colourings.cluster) drawNumbers();
    const shown = pinned >= 0 ? pinned : hovered;
    if (shown >= 0) {
      context.strokeStyle = paint('ink');
      context.lineWidth = 2;
      ring(shown, r + 2.5);
    }
  }

  function ring(i, r) {
    context.beginPath();
    context.arc(screenX(i), screenY(i), r, 0, 7);
    context.stroke();
  }

  function drawNumbers() {
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.font = '600 11px Inter, sans-serif';
    for (const [group, { medoid, colour }] of data.groups.entries()) {
      if (medoid < 0 || (shownGroup() >= 0 && shownGroup() !== group)) continue;
      const [px, py] = [screenX(medoid), screenY(medoid)];
      context.beginPath();
      context.arc(px, py, 10, 0, 7);
      context.fillStyle = paint('sheet');
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = colour;
      context.stroke();
      context.fillStyle = paint('ink');
      context.fillText(String(group + 1), px, py + 0.5);
    }
  }

  function redraw() {
    if (wanted === 0) wanted = requestAnimationFrame(draw);
  }

  function showAll() {
    fitScale = Math.max(1, Math.min(width, height) - 72);
    view.scale = fitScale;
    view.x = (width - fitScale) / 2;
    view.y = (height - fitScale) / 2;
    redraw();
  }

  function zoom(factor, px = width / 2, py = height / 2) {
    const scale = Math.max(fitScale * 0.5, Math.min(fitScale * 400, view.scale * factor));
    view.x = px - ((px - view.x) * scale) / view.scale;
    view.y = py - ((py - view.y) * scale) / view.scale;
    view.scale = scale;
    redraw();
    place();
  }

  function pan(dx, dy) {
    view.x += dx;
    view.y += dy;
    redraw();
    place();
  }

  const urlOf = (i) =>
    data.base === null || noFile.has(i)
      ? null
      : data.base + data.paths[i].split(/[\\/]/).map(encodeURIComponent).join('/');

  function show(i, pin) {
    pinned = pin ? i : -1;
    hovered = i;
    canvas.classList.toggle('over', i >= 0);
    card.hidden = i < 0;
    card.classList.toggle('pinned', pinned >= 0);
    if (i >= 0) fill(i);
    redraw();
  }

  function fill(i) {
    const [frame, name, about, link] = card.children;
    const thumbnail = data.thumbnails[i];
    const url = urlOf(i);
    frame.replaceChildren();
    const source = thumbnail
      ? `data:image/webp;base64,${thumbnail}`
      : location.protocol === 'file:'
        ? url
        : null;
    if (source === null) frame.textContent = 'no picture on this page';
    else {
      const image = document.createElement('img');
      image.alt = '';
      image.onerror = () => {
        frame.textContent = 'no picture on this page';
      };
      image.src = source;
      frame.append(image);
    }
    const path = data.paths[i];
    const slash = path.lastIndexOf('/');
    name.textContent = path.slice(slash + 1);
    const group = data.groups[data.clusters[i]];
    const folder = path.slice(0, Math.max(0, slash));
    const label = data.labels?.groups[data.labels.of[i]]?.name;
    about.replaceChildren(
      ...[
        folder,
        folder.split('/').includes(label) ? '' : label,
        group ? `cluster ${data.clusters[i] + 1}` : '',
        outliers.has(i) ? 'outlier' : '',
      ]
        .filter(Boolean)
        .map((text) => Object.assign(document.createElement('span'), { textContent: text })),
    );
    link.hidden = url === null || pinned < 0;
    if (url !== null) link.href = url;
    place();
  }

  /** Beside its point, inside the stage. */
  function place() {
    if (card.hidden) return;
    const i = pinned >= 0 ? pinned : hovered;
    const [px, py] = [screenX(i), screenY(i)];
    const [w, h] = [card.offsetWidth, card.offsetHeight];
    const left = px + 18 + w > width ? px - 18 - w : px + 18;
    card.style.left = `${Math.max(8, Math.min(width - w - 8, left))}px`;
    card.style.top = `${Math.max(8, Math.min(height - h - 8, py - h / 2))}px`;
  }

  // Pointers: one drags, two zoom; the mouse opens what it clicks, a finger shows it first.
  const pointers = new Map();
  let travelled = 0;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    if (pointers.size === 1) travelled = 0;
  });
  canvas.addEventListener('pointermove', (event) => {
    const now = at(event);
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      if (pinned < 0) show(nearest(...now, 14), false);
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    travelled += Math.abs(dx) + Math.abs(dy);
    if (travelled > 4) canvas.classList.add('drags');
    if (other) {
      const apart = (a, b) => Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]));
      pan(dx / 2, dy / 2);
      zoom(apart(now, other) / apart(before, other), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else pan(dx, dy);
  });
  const release = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    canvas.classList.remove('drags');
    if (event.type !== 'pointerup' || travelled > 4 || pointers.size > 0) return;
    const isMouse = event.pointerType === 'mouse';
    const found = nearest(...at(event), isMouse ? 14 : 24);
    show(found, !isMouse && found >= 0);
    const url = found >= 0 && isMouse ? urlOf(found) : null;
    if (url !== null) window.open(url, '_blank', 'noopener');
  };
  canvas.addEventListener('pointerup', release);
  canvas.addEventListener('pointercancel', release);
  canvas.addEventListener('pointerleave', () => pinned < 0 && pointers.size === 0 && show(-1, false));
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 24 : 1;
      zoom(Math.exp(-event.deltaY * lines * 0.0016 * (event.ctrlKey ? 4 : 1)), ...at(event));
    },
    { passive: false },
  );
  canvas.addEventListener('dblclick', (event) => zoom(2, ...at(event)));
  canvas.addEventListener('keydown', (event) => {
    const step = 60;
    const keys = {
      '+': () => zoom(1.4),
      '=': () => zoom(1.4),
      '-': () => zoom(1 / 1.4),
      0: showAll,
      ArrowLeft: () => pan(step, 0),
      ArrowRight: () => pan(-step, 0),
      ArrowUp: () => pan(0, step),
      ArrowDown: () => pan(0, -step),
      Escape: () => show(-1, false),
    };
    if (!Object.hasOwn(keys, event.key) || event.ctrlKey || event.metaKey) return;
    keys[event.key]();
    event.preventDefault();
  });
  by('keys').addEventListener('click', ({ target }) => {
    const factor = Number(target.dataset.zoom);
    if (factor === 0) showAll();
    else if (factor) zoom(factor);
  });

  function legend() {
    const list = by('legend');
    list.replaceChildren(
      ...colouring.groups.map((group, i) => {
        const item = document.createElement('li');
        const button = document.createElement('button');
        button.type = 'button';
        button.setAttribute('aria-pressed', String(lit === i));
        const thumbnail = group.medoid >= 0 ? data.thumbnails[group.medoid] : undefined;
        const swatch = document.createElement(thumbnail ? 'img' : 'i');
        swatch.className = 'swatch';
        if (thumbnail) {
          swatch.src = `data:image/webp;base64,${thumbnail}`;
          swatch.alt = '';
          swatch.style.borderColor = group.colour;
        } else swatch.style.background = group.colour;
        const words = document.createElement('div');
        const name = document.createElement('b');
        name.textContent = colouring === colourings.cluster ? `${i + 1}  ${group.name}` : group.name;
        const detail = document.createElement('small');
        detail.textContent = group.detail;
        words.append(name, detail);
        button.append(swatch, words);
        const hover = (on) => {
          litByHover = on ? i : -1;
          redraw();
        };
        button.addEventListener('mouseenter', () => hover(true));
        button.addEventListener('mouseleave', () => hover(false));
        button.addEventListener('click', () => {
          lit = lit === i ? -1 : i;
          for (const [j, other] of [...list.querySelectorAll('button')].entries())
            other.setAttribute('aria-pressed', String(lit === j));
          redraw();
        });
        item.append(button);
        return item;
      }),
    );
  }

  for (const button of document.querySelectorAll('.segments button'))
    button.addEventListener('click', () => {
      colouring = colourings[button.dataset.by];
      lit = litByHover = -1;
      for (const one of document.querySelectorAll('.segments button'))
        one.setAttribute('aria-pressed', String(one === button));
      legend();
      redraw();
    });

  by('search').addEventListener('input', ({ target }) => {
    const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
    matching = words.length === 0 ? null : new Uint8Array(count);
    let found = 0;
    for (let i = 0; matching && i < count; i++) {
      const text = `${data.paths[i]} ${data.labels?.groups[data.labels.of[i]]?.name ?? ''}`.toLowerCase();
      if (words.every((word) => text.includes(word))) found += matching[i] = 1;
    }
    by('found').textContent = matching
      ? `${found.toLocaleString('en')} of ${count.toLocaleString('en')}`
      : '';
    redraw();
  });
  by('rings').addEventListener('change', redraw);

  new ResizeObserver(() => {
    const box = stage.getBoundingClientRect();
    const first = width === 0;
    const wasFit = view.scale === fitScale;
    [width, height, density] = [box.width, box.height, window.devicePixelRatio || 1];
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    if (first || wasFit) showAll();
    else redraw();
  }).observe(stage);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  document.fonts?.ready.then(redraw);
  legend();
  // For those who would ask the page, such as its tests: where a point is on the screen.
  canvas.locate = (i) => [screenX(i), screenY(i)];
})();
