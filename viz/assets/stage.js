/* The stage of the page Play: keeps the rows that it was sent and draws them, a few charts a frame while it plays. */

const MONTHS = 492;
const PER_FRAME = 3; // charts drawn with each frame while it plays
const SPAN = 60; // the axis grows by so many months at a time
const MAP_EVERY = 250; // milliseconds between colourings of the map while it plays

const label = (month) => `${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;

/* Rows of figures, month by month, as one block of numbers made once. */
class Rows {
  constructor(width) {
    this.width = width;
    this.block = new Float32Array(MONTHS * width);
    this.count = 0;
  }

  take(keep, text) {
    this.count = Math.min(this.count, keep);
    if (!text) return;
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    this.block.set(new Float32Array(bytes.buffer), keep * this.width);
    this.count = keep + bytes.length / 4 / this.width;
  }

  at(month, column) {
    const value = this.block[month * this.width + column];
    return Number.isFinite(value) ? value : null;
  }

  line(column, factor, months, every) {
    const found = [];
    for (let month = 0; month < Math.min(months, this.count); month += every) {
      const value = this.at(month, column);
      found.push(value === null ? null : value * factor);
    }
    return found;
  }
}

export class Stage {
  constructor(echarts, setup, told) {
    Object.assign(this, { echarts, setup, told, charts: {}, shown: 0, turn: 0, moving: false, measure: 0, mapDrawn: 0 });
    this.rows = new Rows(setup.width);
    this.ghost = new Rows(setup.width);
    this.haunted = false;
    this.still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.visible = new Set();
    this.watcher = new IntersectionObserver((seen) => seen.forEach((one) => {
      this.visible[one.isIntersecting ? 'add' : 'delete'](one.target.dataset.key);
      if (one.isIntersecting && this.shown) this.drawOne(one.target.dataset.key);
    }));
    this.sizes = new ResizeObserver((seen) => seen.forEach((one) => {
      const chart = this.charts[one.target.dataset.key];
      if (chart) chart.resize();
    }));
  }

  mount(element, key) {
    element.dataset.key = key;
    this.charts[key] = this.echarts.init(element);
    this.watcher.observe(element);
    this.sizes.observe(element);
    if (key === 'map') this.charts.map.on('click', (e) => e.data && e.data.about && this.told(e.data));
  }

  dispose() {
    this.watcher.disconnect();
    this.sizes.disconnect();
    Object.values(this.charts).forEach((chart) => chart.dispose());
  }

  accept(frame) {
    if (frame.keep > this.rows.count) { // something was lost on the way
      this.told({ lost: true });
      return;
    }
    this.rows.take(frame.keep, frame.rows);
    this.haunted = 'ghost' in frame;
    if (this.haunted) this.ghost.take(frame.ghostKeep, frame.ghost);
    else this.ghost.count = 0;
    const jumped = Math.abs(frame.shown - this.shown) > 24;
    Object.assign(this, { shown: frame.shown, moving: frame.moving });
    if (frame.arcs) this.arcs = frame.arcs;
    this.draw(Boolean(frame.arcs), jumped);
  }

  draw(arcs, everything) {
    const boards = this.setup.boards.filter((board) => this.visible.has(board.key)).map((board) => board.key);
    if (this.moving && !everything) {
      const count = Math.min(PER_FRAME, boards.length);
      for (let n = 0; n < count; n += 1) this.drawOne(boards[(this.turn + n) % boards.length]);
      this.turn = (this.turn + count) % Math.max(boards.length, 1);
    } else {
      boards.forEach((key) => this.drawOne(key));
    }
    if (!this.moving || performance.now() - this.mapDrawn > MAP_EVERY) this.drawMap(arcs || !this.moving);
  }

  /* Everything anew, in the colours of the theme. */
  dress() {
    Object.values(this.charts).forEach((chart) => { chart.dressed = false; chart.clear(); });
    this.setup.boards.forEach((board) => this.drawOne(board.key));
    this.drawMap(true);
  }

  drawOne(key) {
    if (key === 'map') { this.drawMap(true); return; }
    const chart = this.charts[key];
    const board = this.setup.boards.find((one) => one.key === key);
    if (!chart || !board || !this.shown) return;
    const every = this.moving && this.shown > 60 ? 3 : 1;
    const limit = Math.min(Math.ceil(this.shown / SPAN) * SPAN, MONTHS);
    const series = board.series.map((one) => ({ data: this.rows.line(one.column, one.factor, this.shown, every) }));
    series.push(...this.ghosts(board, every));
    const axis = Array.from({ length: Math.ceil(limit / every) }, (_, n) => label(n * every));
    if (chart.dressed !== series.length) {
      chart.setOption(window.pharmarket.dressed(this.plain(board)), true);
      chart.dressed = series.length;
    }
    chart.setOption({ xAxis: { data: axis }, series }, { lazyUpdate: false });
  }

  /* The untouched world: each line dashed, of areas their sum. */
  ghosts(board, every) {
    if (!this.haunted) return [];
    const lines = board.series.map((one) => this.ghost.line(one.column, one.factor, this.shown, every));
    if (board.kind === 'line') return lines.map((data) => ({ data }));
    return [{ data: lines[0].map((_, n) => lines.reduce((sum, line) => sum + (line[n] || 0), 0)) }];
  }

  /* A chart without its data. */
  plain(board) {
    const area = board.kind === 'area';
    const base = { type: 'line', showSymbol: false, animation: false, emphasis: { disabled: true } };
    const series = board.series.map((one) => ({
      ...base, name: one.name, yAxisIndex: one.axis, lineStyle: { width: area ? 0 : 1.8, color: one.colour },
      itemStyle: { color: one.colour }, ...(area ? { stack: 'all', areaStyle: { color: one.colour, opacity: 0.85 } } : {}),
    }));
    const faint = { ...base, silent: true, z: 4 };
    if (this.haunted && area) {
      series.push({ ...faint, name: 'Untouched, total', lineStyle: { width: 1.5, type: [4, 3], color: '@ink' }, itemStyle: { color: '@ink' } });
    } else if (this.haunted) {
      series.push(...board.series.map((one) => ({
        ...faint, name: `${one.name}, untouched`, yAxisIndex: one.axis, itemStyle: { color: one.colour },
        lineStyle: { width: 1.4, type: [4, 3], color: one.colour, opacity: 0.75 },
      })));
    }
    const format = { short: 'fn:short', dollars: 'fn:dollars', percent: 'fn:short' }[board.unit];
    const value = { type: 'value', scale: !area && board.unit !== 'percent', splitNumber: board.unit === 'percent' ? 5 : 3, max: board.unit === 'percent' ? (seen) => (seen.max > 50 ? 100 : null) : null, axisLabel: { formatter: format, fontSize: 10 } };
    return {
      grid: { left: board.unit === 'dollars' ? 54 : 44, right: board.right ? 40 : 10, top: 8, bottom: 20 },
      tooltip: { trigger: 'axis', formatter: (all) => this.hint(all, board), textStyle: { fontSize: 12 } },
      xAxis: {
        type: 'category', boundaryGap: false, axisTick: { show: false },
        axisLabel: {
          fontSize: 10, formatter: (text) => text.slice(0, 4),
          interval: (_, text) => text.endsWith('-01') && Number(text.slice(0, 4)) % (this.shown > 180 ? 10 : this.shown > 60 ? 5 : 1) === 0,
        },
      },
      yAxis: board.right ? [value, { ...value, axisLabel: { formatter: 'fn:short', fontSize: 10 }, splitLine: { show: false } }] : [value],
      series,
    };
  }

  hint(all, board) {
    const { formats } = window.pharmarket;
    const format = board.unit === 'dollars' ? formats.dollars : board.unit === 'percent' ? (v) => `${formats.short(v)} %` : formats.short;
    const lines = all.filter((one) => one.value !== null && one.value !== undefined).map((one) => `${one.marker}${one.seriesName} <b>${format(one.value)}</b>`);
    return [`<b>${all[0].axisValue}</b>`, ...(board.kind === 'area' ? lines.reverse() : lines)].join('<br>');
  }

  /* Values of the measure on the map, by region, and the largest so far. */
  measured() {
    const measure = this.setup.measures[this.measure];
    const month = this.shown - 1;
    const values = Object.fromEntries(Object.entries(measure.columns).map(([region, column]) => {
      const value = month >= 0 ? this.rows.at(month, column) : null;
      return [region, value === null ? null : value * measure.factor];
    }));
    return { measure, values, largest: Math.max(1e-9, ...Object.values(values).filter((v) => v !== null)) };
  }

  drawMap(arcs) {
    const chart = this.charts.map;
    if (!chart || !this.shown || !this.visible.has('map')) return;
    this.mapDrawn = performance.now();
    const { measure, values, largest } = this.measured();
    const low = colours('land');
    const high = colours('accent');
    const regions = Object.entries(values).map(([name, value]) => ({
      name, itemStyle: { areaColor: value === null ? mix(low, high, 0) : mix(low, high, 0.08 + 0.92 * Math.sqrt(Math.max(value, 0) / largest)) },
    }));
    if (!chart.dressed) {
      chart.setOption(window.pharmarket.dressed(this.plainMap()), true);
      chart.dressed = true;
      arcs = true;
    }
    const option = { geo: { regions, tooltip: { formatter: (one) => this.place(one.name, values, measure) } } };
    if (arcs && this.arcs) option.series = this.arcSeries();
    chart.setOption(option);
    this.told({ legend: { largest, unit: measure.unit } });
  }

  place(name, values, measure) {
    const { formats } = window.pharmarket;
    const region = this.setup.regions.find((one) => one.key === name);
    return `<b>${region ? region.name : name}</b><br>${measure.title}: ${(measure.unit === 'dollars' ? formats.dollars : formats.short)(values[name])}`;
  }

  plainMap() {
    return {
      tooltip: { trigger: 'item' },
      geo: {
        map: 'world', aspectScale: 1, roam: false, left: 4, right: 4, top: 4, bottom: 4, silent: false,
        itemStyle: { borderColor: '@card', borderWidth: 0.6 }, emphasis: { label: { show: false }, itemStyle: { areaColor: '@warn' } },
        select: { disabled: true }, tooltip: { show: true },
      },
      series: [],
    };
  }

  /* One series a kind of flow; drawn on a layer of its own, so that moving dots leave the map alone. */
  arcSeries() {
    const anchors = Object.fromEntries(this.setup.regions.map((one) => [one.key, one.anchor]));
    const { formats } = window.pharmarket;
    return [['deals', '@s1', 0.28], ['filings', '@s2', -0.2]].map(([kind, colour, curveness]) => window.pharmarket.resolved({
      id: kind, name: kind, type: 'lines', coordinateSystem: 'geo', zlevel: 1, animation: false,
      effect: { show: !this.still, period: 4, trailLength: 0.25, symbol: 'circle', symbolSize: 5, color: colour },
      lineStyle: { color: colour, curveness, opacity: 0.75 },
      tooltip: { formatter: (one) => one.data.text },
      data: this.arcs.filter((one) => one.kind === kind).map((one) => ({
        coords: [anchors[one.from], anchors[one.to]], lineStyle: { width: 0.8 + 5 * one.share },
        text: kind === 'deals' ? `${one.from} to ${one.to}: ${one.deals} deals, ${formats.money(one.size)} headline in 12 months`
          : `${one.from} to ${one.to}: ${formats.short(one.size)} filings in 12 months`,
      })),
    }));
  }
}

function colours(name) {
  const text = window.pharmarket.colour(name).replace('#', '');
  return [0, 2, 4].map((place) => parseInt(text.slice(place, place + 2), 16));
}

function mix(a, b, share) {
  return `rgb(${a.map((part, n) => Math.round(part + (b[n] - part) * share)).join(',')})`;
}
