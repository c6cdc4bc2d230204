// Draws a chart from the data on its element; the same figures stand in the table below it. See kernel/charts.py.

const COLOURS = ["#0c5c6b", "#c2571a", "#46308a", "#16522d", "#a8211a", "#6b4500"];
const QUIET = "#55666f";

export async function start(element) {
  const echarts = await import(element.dataset.echarts);
  const data = JSON.parse(element.dataset.chart);
  const chart = echarts.init(element, null, { renderer: "svg" });
  chart.setOption(option(data));
  new ResizeObserver(() => chart.resize()).observe(element);
}

function option(data) {
  const series = data.series.flatMap((one, i) => [...band(one, i, COLOURS[i % COLOURS.length]), drawn(one, COLOURS[i % COLOURS.length])]);
  if (data.lines.length && series.length) series.at(-1).markLine = marks(data.lines);
  return {
    animation: false,
    aria: { enabled: true },
    color: COLOURS,
    textStyle: { fontFamily: "inherit", fontSize: 13 },
    grid: { left: 8, right: 24, top: 44, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, data: data.series.map((one) => one.name), itemWidth: 18 },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: { type: "category", data: data.x, axisLabel: { color: QUIET, hideOverlap: true } },
    yAxis: { type: "value", min: 0, axisLabel: { color: QUIET }, splitLine: { lineStyle: { color: "#dfe6e9" } } },
    series,
  };
}

function drawn(one, colour) {
  return {
    name: one.name, type: one.kind, data: one.values, stack: one.stack || undefined, symbolSize: 5, barMaxWidth: 28, itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2.5, type: one.dashed ? "dashed" : "solid" },
  };
}

// A band is two stacked areas, the lower one not painted.
function band(one, i, colour) {
  if (!one.low.length) return [];
  const quiet = { type: "line", symbol: "none", stack: `band${i}`, silent: true, tooltip: { show: false }, lineStyle: { opacity: 0 } };
  const gap = one.high.map((high, n) => (high === null || one.low[n] === null ? null : high - one.low[n]));
  return [{ ...quiet, data: one.low }, { ...quiet, data: gap, areaStyle: { color: colour, opacity: 0.16 } }];
}

function marks(lines) {
  return {
    symbol: "none", silent: true, lineStyle: { color: QUIET, type: "dotted" },
    data: lines.map(([value, words]) => ({ yAxis: value, label: { formatter: words, position: "insideEndTop" } })),
  };
}
