#!/usr/bin/env python3
"""A picture of a start's time line: scripts/timeline.py TRACE >PICTURE.svg

TRACE is what `pctrun --trace TRACE run ...` has written. Each side has a lane; what took time is a
bar, what waited for the other side a pale one, a barrier an arrow from who reached it to who waited.
"""
import json
import sys
from xml.sax.saxutils import escape

WIDTH, LEFT, LANE, GAP, TOP = 1180, 84, 34, 96, 46
SIDES = {1: "host", 2: "container"}
# One color a subject: the first part of a step's name.
COLORS = {"cgroup": "#7a9e6b", "mount": "#5b8db8", "root": "#3f6d94", "dev": "#c78f4e", "mask": "#a9745b",
          "readonly": "#a9745b", "seccomp": "#9a6fa8", "namespace": "#6a7f9c", "net": "#4fa39a",
          "clone": "#b5544d", "bundle": "#8c8c8c", "plan": "#8c8c8c", "save": "#8c8c8c"}
OTHER, WAIT = "#b0a58c", "#e9e6df"
LEGEND = [("mounts", COLORS["mount"]), ("devices", COLORS["dev"]), ("masks", COLORS["mask"]),
          ("cgroup", COLORS["cgroup"]), ("seccomp", COLORS["seccomp"]), ("network", COLORS["net"]),
          ("other steps", OTHER), ("waits", WAIT)]


def events(path):
    with open(path, encoding="utf-8") as trace:
        return json.load(trace)


def read(path):
    """Bars (side, name, begin, end, text) of the outermost level, arrows {id: [(side, time)...]}."""
    bars, arrows, begun = [], {}, {1: [], 2: []}
    for event in events(path):
        side, time = event["tid"], event.get("ts")
        if event["ph"] == "B":
            begun[side].append((event, time))
        elif event["ph"] == "E" and begun[side]:
            first, at = begun[side].pop()
            if not begun[side] and first["name"] != "delete":  # of a run's end
                bars.append((side, first["name"], at, time, first.get("args", {})))
        elif event["ph"] in "sf":
            arrows.setdefault(event["name"], {})[event["ph"]] = (side, time)
    return bars, arrows


def color(name):
    return WAIT if name.startswith("wait ") else COLORS.get(name.split(".")[0], OTHER)


class Picture:
    def __init__(self, start, end):
        self.start, self.scale = start, (WIDTH - LEFT - 24) / (end - start)
        self.parts = []

    def x(self, time):
        return LEFT + (time - self.start) * self.scale

    @staticmethod
    def y(side):
        return TOP + (side - 1) * (LANE + GAP)

    def text(self, x, y, words, size=11, fill="#444", anchor="start"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" '
                          f'text-anchor="{anchor}">{escape(words)}</text>')

    def bar(self, side, name, begin, end, args):
        x, width = self.x(begin), max((end - begin) * self.scale, 0.6)
        title = f"{name} {args.get('step', '')}: {end - begin:.0f} µs"
        if args.get("origin"):
            title += f" (from {args['origin']})"
        self.parts.append(f'<rect x="{x:.1f}" y="{self.y(side)}" width="{width:.1f}" height="{LANE}" '
                          f'fill="{color(name)}" stroke="#fff" stroke-width="0.5">'
                          f"<title>{escape(title)}</title></rect>")
        if width > 6.2 * len(name):
            dark = name.startswith("wait ")
            self.text(x + width / 2, self.y(side) + LANE / 2 + 4, name, 11, "#777" if dark else "#fff", "middle")

    def arrow(self, name, row, reached, awaited):
        x1, x2 = self.x(reached[1]), self.x(awaited[1])
        down = reached[0] < awaited[0]
        y1 = self.y(reached[0]) + (LANE if down else 0)
        y2 = self.y(awaited[0]) + (0 if down else LANE)
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1}" x2="{x2:.1f}" y2="{y2}" stroke="#b5544d" '
                          'stroke-width="1.3" marker-end="url(#head)"/>')
        self.text(x1 - 4, TOP + LANE + 22 + 14 * row, name, 11, "#b5544d", "end")

    def legend(self):
        x = WIDTH - 24
        for words, fill in reversed(LEGEND):
            x -= 7 * len(words) + 20
            self.parts.append(f'<rect x="{x}" y="13" width="10" height="10" fill="{fill}"/>')
            self.text(x + 14, 22, words)

    def axis(self, end):
        y = self.y(2) + LANE + 18
        step = next(s for s in (100, 200, 250, 500, 1000, 2000, 5000, 10000, 50000, 10**9)
                    if (end - self.start) / s <= 12)
        for n in range(int((end - self.start) / step) + 1):
            x = self.x(self.start + n * step)
            self.parts.append(f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{y - 12}" stroke="#ddd"/>')
            self.text(x, y + 2, f"{n * step / 1000:g} ms", 10, "#777", "middle")

    def svg(self):
        height = self.y(2) + LANE + 30
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            'font-family="Helvetica, Arial, sans-serif">',
            '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" '
            'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#b5544d"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>', *self.parts, "</svg>", ""])


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: timeline.py TRACE >PICTURE.svg")
    bars, arrows = read(sys.argv[1])
    start, end = min(b[2] for b in bars), max(b[3] for b in bars)
    picture = Picture(start, end)
    picture.axis(end)
    for side, name in SIDES.items():
        picture.text(LEFT - 10, picture.y(side) + LANE / 2 + 4, name, 13, "#222", "end")
    picture.text(LEFT, 22, f"a start of {(end - start) / 1000:.1f} ms: each side's steps, and the barriers between", 13, "#222")
    picture.legend()
    for bar in bars:
        picture.bar(*bar)
    row = 0
    for name, ends in arrows.items():
        if len(ends) == 2:
            picture.arrow(name, row % 3, ends["s"], ends["f"])
            row += 1
    sys.stdout.write(picture.svg())


main()
