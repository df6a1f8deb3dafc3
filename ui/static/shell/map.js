// Draws the planner's maps. Every text of people is written as text (textContent), never as HTML.
"use strict";

const plannerMap = (() => {
  const NIGHT = "planner.map.night";
  const GROUNDS = {
    light: { paper: "#f5f3ee", water: "#b5d6ea", green: "#d5e6c8", building: "#ded8cf", casing: "#c9c2b6", road: "#ffffff", main: "#fbe3a1", rail: "#9a938a", path: "#cfc7ba", ink: "#33302b", halo: "#ffffff", waterInk: "#1f5f86" },
    night: { paper: "#1b2129", water: "#12303f", green: "#1f2e27", building: "#2a313b", casing: "#11161c", road: "#434d5a", main: "#6a6350", rail: "#59616c", path: "#333b46", ink: "#dfe5ec", halo: "#11161c", waterInk: "#8cc4e6" },
  };

  const unpack = (text) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))));
  const node = (tag, look, text) => {
    const made = document.createElement(tag);
    if (look) made.className = look;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const remembered = () => { try { return localStorage.getItem(NIGHT) === "1"; } catch { return false; } };
  const remember = (night) => { try { localStorage.setItem(NIGHT, night ? "1" : "0"); } catch { /* a private window forgets */ } };

  // The picture under the map

  const steps = (...pairs) => (zoom) => {
    let [, width] = pairs[0];
    for (const [from, wide] of pairs) if (zoom >= from) width = wide;
    return width;
  };
  const kinds = (...wanted) => (_zoom, feature) => wanted.includes(feature.props.kind);

  const paint = (c) => {
    const { LineSymbolizer: Line, PolygonSymbolizer: Area } = protomapsL;
    const line = (layer, color, width, filter, extra = {}) => ({ dataLayer: layer, symbolizer: new Line({ color, width, lineCap: "round", lineJoin: "round", ...extra }), filter });
    const wide = { motorway: [[6, 1], [10, 2.5], [13, 4], [15, 8], [17, 15]], secondary: [[10, 1], [13, 3], [15, 6], [17, 12]], minor: [[12, .6], [14, 2], [15, 3.5], [16, 6], [18, 12]] };
    const cased = (pairs) => steps(...pairs.map(([zoom, width]) => [zoom, width + 1.6]));
    const big = kinds("motorway", "trunk", "primary"), middle = kinds("secondary", "tertiary"), small = kinds("minor", "service");
    return [
      { dataLayer: "green", symbolizer: new Area({ fill: c.green }) },
      { dataLayer: "water", symbolizer: new Area({ fill: c.water }), filter: kinds("water") },
      line("water", c.water, steps([8, 1], [12, 2.5], [15, 6]), kinds("river")),
      line("water", c.water, steps([12, 1], [16, 2]), kinds("stream")),
      line("water", c.waterInk, 1.2, kinds("coastline")),
      { dataLayer: "buildings", symbolizer: new Area({ fill: c.building }) },
      line("roads", c.path, steps([13, .8], [16, 1.6]), kinds("path"), { dash: [3, 2] }),
      line("roads", c.casing, cased(wide.minor), small),
      line("roads", c.casing, cased(wide.secondary), middle),
      line("roads", c.casing, cased(wide.motorway), big),
      line("roads", c.road, steps(...wide.minor), small),
      line("roads", c.road, steps(...wide.secondary), middle),
      line("roads", c.main, steps(...wide.motorway), big),
      line("rail", c.rail, steps([10, .8], [14, 1.6]), kinds("rail", "tram", "subway"), { dash: [5, 3] }),
    ];
  };
  const letters = (c) => {
    const { CenteredTextSymbolizer: Text, LineLabelSymbolizer: Along } = protomapsL;
    const font = (size, weight = 400) => `${weight} ${size}px "Noto Sans", sans-serif`;
    const place = (size, filter, extra = {}) => ({ dataLayer: "places", symbolizer: new Text({ labelProps: ["name"], fill: c.ink, stroke: c.halo, width: 3, font: font(size, 600), ...extra }), filter });
    const street = (size, filter, from) => ({ dataLayer: "roads", minzoom: from, symbolizer: new Along({ labelProps: ["name"], fill: c.ink, stroke: c.halo, width: 3, font: font(size) }), filter });
    return [
      place(15, kinds("city", "town")),
      place(12, kinds("village", "suburb", "quarter", "hamlet")),
      street(12, kinds("motorway", "trunk", "primary"), 13),
      street(11, kinds("secondary", "tertiary"), 14),
      street(10, kinds("minor", "service", "path"), 16),
      { dataLayer: "water", symbolizer: new Along({ labelProps: ["name"], fill: c.waterInk, stroke: c.halo, width: 3, font: font(11) }), filter: kinds("river") },
    ];
  };

  const picture = (map, told) => {
    const held = { layer: null };
    const lay = (night) => {
      const colours = GROUNDS[night ? "night" : "light"];
      const frame = map.getContainer();
      frame.classList.toggle("night", night);
      frame.style.background = colours.paper;
      if (held.layer) held.layer.remove();
      if (told.url) {
        held.layer = protomapsL.leafletLayer({ url: told.url, attribution: "", maxDataZoom: 14, backgroundColor: colours.paper, paintRules: paint(colours), labelRules: letters(colours) });
        held.layer.addTo(map);
      }
    };
    return lay;
  };

  const ground = (map, packed) => {
    const told = unpack(packed);
    const lay = map.plannerLay = picture(map, told);
    const start = () => lay(remembered());
    // Names are drawn on a canvas, which takes the letters that are there at that moment.
    if (document.fonts && document.fonts.load) Promise.all([document.fonts.load('400 12px "Noto Sans"', "Aễ"), document.fonts.load('600 12px "Noto Sans"', "Aễ")]).then(start, start);
    else start();
    map.createPane("halo").style.zIndex = 395;
    map.on("zoomend", () => setTimeout(() => tidy(map), 0));
    edge(map, told);
    signs(map, told);
  };

  // Outside the pack there is no data: a visible edge and a veil, not a void.
  const edge = (map, told) => {
    if (!told.edge.length) return;
    map.createPane("edge").style.zIndex = 350;
    const world = [[-85, -720], [-85, 720], [85, 720], [85, -720]];
    L.polygon([world, told.edge], { pane: "edge", stroke: false, fillColor: "#6b7480", fillOpacity: .22, interactive: false }).addTo(map);
    L.polygon(told.edge, { pane: "edge", color: "#5a6470", weight: 2, dashArray: "8 6", fill: false, interactive: false }).addTo(map);
  };

  const signs = (map, told) => {
    map.attributionControl.setPrefix(false);
    if (told.licence) map.attributionControl.addAttribution(node("span", "", told.licence).outerHTML);
    L.control.scale({ imperial: false }).addTo(map);
    const words = told.words;
    for (const [look, word] of [["in", words.zoom_in], ["out", words.zoom_out]]) {
      const button = map.getContainer().querySelector(`.leaflet-control-zoom-${look}`);
      if (button) { button.title = word; button.setAttribute("aria-label", word); }
    }
    const badge = L.control({ position: "bottomleft" });
    badge.onAdd = () => node("div", "map-badge", told.badge);
    badge.addTo(map);
    if (!told.url) return;
    const night = L.control({ position: "topleft" });
    night.onAdd = () => {
      const bar = node("div", "leaflet-bar map-night"), button = node("button", "", "◐");
      const name = () => { const word = remembered() ? words.day : words.night; button.title = word; button.setAttribute("aria-label", word); };
      button.type = "button";
      button.addEventListener("click", () => { remember(!remembered()); map.plannerLay(remembered()); name(); });
      L.DomEvent.disableClickPropagation(bar);
      name();
      bar.append(button);
      return bar;
    };
    night.addTo(map);
  };

  // What the plan puts on it

  const words = (told) => {
    const box = node("div", "map-box");
    box.append(node("strong", "", told.title));
    for (const line of told.lines) box.append(node("p", "", line));
    return box;
  };
  const explained = (layer, told) => {
    layer.bindPopup(() => words(told), { maxWidth: 300, minWidth: 160, autoPanPadding: [24, 24] });
    layer.bindTooltip(() => node("span", "", told.title), { sticky: !layer.getLatLng, direction: "top", opacity: 1 });
  };

  const mark = (map, told, at) => {
    const pin = node("div", `pin pin-${told.shape}${told.faded ? " faded" : ""}`);
    const sign = node("span", "sign", told.sign);
    if (told.colour) sign.style.background = told.colour;
    pin.append(sign);
    if (told.tag) pin.append(node("span", "tag", told.tag));
    const made = L.marker(at, { icon: L.divIcon({ className: "place", html: pin, iconSize: [28, 28], iconAnchor: [14, 14] }), riseOnHover: true, zIndexOffset: { venue: 0, point: 200, picked: 900 }[told.shape] ?? 400 });
    made.on("add", () => {
      const element = made.getElement();
      if (element) element.setAttribute("aria-label", told.tag && told.tag !== told.title ? `${told.title} (${told.tag})` : told.title);
    });
    explained(made, told);
    return made;
  };

  const stroke = (told, line) => {
    const bold = { lineCap: "butt", lineJoin: "round", offset: 0 };
    const halo = L.polyline(line, { ...bold, pane: "halo", color: "#ffffff", weight: 7, opacity: told.faded ? .3 : .8, interactive: false });
    const made = L.polyline(line, { ...bold, color: told.crossed ? "#5c5c5c" : told.colour, weight: 4, dashArray: told.dash || null, opacity: told.faded ? .4 : 1 });
    explained(made, told);
    return [halo, made].map((part) => Object.assign(part, { plannerOffset: told.offset }));
  };

  const crosses = (told, line) => [.2, .5, .8].map((share) => {
    const at = line[Math.min(line.length - 1, Math.round((line.length - 1) * share))];
    const between = line.length === 2 ? L.latLng(line[0].lat + (line[1].lat - line[0].lat) * share, line[0].lng + (line[1].lng - line[0].lng) * share) : at;
    return mark(null, { shape: "closed", sign: "✕", title: told.title, lines: told.lines, tag: "", colour: "", faded: told.faded }, between);
  });

  const draw = (group, packed) => {
    const parts = [];
    for (const { geometry, properties: told } of unpack(packed).features) {
      if (geometry.type === "Point") {
        const at = L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
        parts.push([mark(null, told, at), told.from, told.to]);
      } else {
        const line = geometry.coordinates.map(([lon, lat]) => L.latLng(lat, lon));
        for (const part of [...stroke(told, line), ...(told.crossed ? crosses(told, line) : [])]) parts.push([part, 0, 30]);
      }
    }
    let map = null;
    const choose = () => {
      if (!map) return;
      const zoom = map.getZoom(), near = zoom < 12 ? .3 : zoom < 14 ? .55 : 1;
      for (const [part] of parts) if (part.plannerOffset) part.setOffset(part.plannerOffset * near);
      for (const [part, from, to] of parts) {
        const wanted = zoom >= from && zoom <= to;
        if (wanted !== group.hasLayer(part)) { if (wanted) group.addLayer(part); else group.removeLayer(part); }
      }
    };
    for (const [part, from, to] of parts) if (from === 0 && to === 30) group.addLayer(part);
    group.on("add", () => { map = group._map; map.on("zoomend", choose); choose(); setTimeout(() => map && tidy(map), 0); });
    group.on("remove", () => { if (map) map.off("zoomend", choose); map = null; });
  };

  // Names stand beside their marks where there is room, else they wait until one comes closer.
  const SIDES = ["", "left", "below", "above"];
  const tidy = (map) => {
    const frame = map.getContainer(), free = [];
    const room = frame.getBoundingClientRect();
    const clear = (box) => box.left >= room.left && box.right <= room.right && box.top >= room.top && free.every((other) => box.right <= other.left + 1 || box.left >= other.right - 1 || box.bottom <= other.top + 1 || box.top >= other.bottom - 1);
    for (const pin of frame.querySelectorAll(".pin")) free.push(pin.getBoundingClientRect());
    for (const tag of frame.querySelectorAll(".pin .tag")) {
      tag.hidden = false;
      const found = SIDES.find((side) => { tag.dataset.side = side; return clear(tag.getBoundingClientRect()); });
      if (found === undefined) tag.hidden = true;
      else free.push(tag.getBoundingClientRect());
    }
  };

  // Where the map goes, once for each key: then it stays where its reader moves it.
  const look = (group, packed) => {
    const { key, box } = unpack(packed);
    group.on("add", () => {
      const map = group._map;
      if (map.plannerLooked === key) return;
      const first = map.plannerLooked === undefined;
      map.plannerLooked = key;
      const wide = map.getSize().x > 480;
      map.fitBounds(box, { paddingTopLeft: wide ? [44, 40] : [18, 30], paddingBottomRight: wide ? [44, 64] : [18, 48], maxZoom: 16, animate: !first });
    });
  };

  // A line with an offset grows spikes at every tiny turn: draw what can be seen of it.
  const aside = L.PolylineOffset.offsetPoints.bind(L.PolylineOffset);
  L.PolylineOffset.offsetPoints = (points, offset) => aside(L.LineUtil.simplify(points, 2.5), offset);

  return { ground, draw, look };
})();
