namespace EdgeHub.CloudBridge.Api;

/// <summary>One parameter of the API, said once: the document describes it, requests are checked against it.</summary>
/// <param name="Type">As in JSON Schema: <c>string</c> or <c>integer</c>.</param>
sealed record Parameter(string Name, string Type, string Description, string Example, bool InPath = false)
{
    public static readonly Parameter Id = new("id", "string", "The stream, `{gateway}.{sensor}.{quantity}`.", "lane-7.air.pm2_5", InPath: true);
    public static readonly Parameter GatewayId = new("id", "string", "The gateway.", "lane-7", InPath: true);
    public static readonly Parameter Area = new("area", "string", "County, county/street or county/street/community: the area and all in it.", "330106/005");
    public static readonly Parameter Gateway = new("gateway", "string", "Only this gateway.", "lane-7");
    public static readonly Parameter Sensor = new("sensor", "string", "Only sensors of this id.", "air");
    public static readonly Parameter Quantity = new("quantity", "string", "Only this quantity.", "pm2_5");
    public static readonly Parameter Search = new("q", "string", "A part of gateway, sensor, quantity or site.", "pump");
    public static readonly Parameter From = new("from", "string", "The first time, ISO 8601 with zone, or a length of time before `to`. Default: a day before `to`.", "24h");
    public static readonly Parameter To = new("to", "string", "Until before this time, ISO 8601 with zone. Default: now.", "2026-11-24T00:00:00Z");
    public static readonly Parameter At = new("at", "string", "The catalog as it was at this time, ISO 8601 with zone: the streams that the boxes named then. A description holds from its first reading (where the city has no dated one yet, from when it first heard of it) until the box's next. A page may be shorter than the limit, and even empty, while there is a `next`. Default: today's.", "2026-11-24T00:00:00Z");
    public static readonly Parameter Every = new("every", "string", "One line for each length of time (1s to 31d) instead of every reading.", "1h");
    public static readonly Parameter Aggregate = new("agg", "string", "Which figures a line has, of min, mean, max, count and last. Default: all.", "min,max");
    public static readonly Parameter Unit = new("unit", "string", "The unit, for a stream whose unit was once another. Default: that of today.", "ug/m3");
    public static readonly Parameter Zone = new("zone", "string", "Where days and hours begin, as an offset from UTC. Default: +00:00.", "+08:00");
    public static readonly Parameter Limit = new("limit", "integer", "Entries a page, 1 to 10000. Default: 1000.", "100");
    public static readonly Parameter Cursor = new("cursor", "string", "`next` of the page before, as it is.", "");
    public static readonly Parameter State = new("state", "string", "Only boxes in this state: online, silent, offline, unknown, or attention (anything to look at).", "attention");
    public static readonly Parameter Format = new("format", "string", "ha, wot or sensorthings. Required.", "wot");
    public static readonly Parameter GapKind = new("kind", "string", "Only missing, lost or set-aside.", "lost");
    public static readonly Parameter EventKind = new("kind", "string", "Only this kind.", "books-differ");
}
