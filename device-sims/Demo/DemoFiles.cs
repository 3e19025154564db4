using System.Text.Json.Nodes;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>The scratch directory and the real config files that the two daemons are started from.</summary>
sealed class DemoFiles
{
    public const string Gateway = "demo-box";

    readonly DemoOptions options;

    public DemoFiles(DemoOptions options)
    {
        this.options = options;
        foreach (var directory in new[] { Sims, EdgeData, BridgeData })
            Directory.CreateDirectory(directory);
    }

    public string Sims => Path.Combine(options.Directory, "sims");

    public string EdgeData => Path.Combine(options.Directory, "edge");

    public string BridgeData => Path.Combine(options.Directory, "bridge");

    public string EdgeConfig => Path.Combine(options.Directory, "edgehub.json");

    public string BridgeConfig => Path.Combine(options.Directory, "edgehub-bridge.json");

    public string EdgeSocket => Path.Combine(EdgeData, "run", "edgehub.sock");

    public string SqliteFile => Path.Combine(BridgeData, "city.db");

    public string Log(string name) => Path.Combine(options.Directory, name + ".log");

    public void WriteEdge(SimsProcess sims, int brokerPort)
    {
        Write(EdgeConfig, new JsonObject
        {
            ["gateway"] = new JsonObject { ["id"] = Gateway, ["site"] = "pump-room-7", ["area"] = "330106/005/012" },
            ["dataDirectory"] = EdgeData,
            ["sensors"] = Sensors(sims),
            ["uplink"] = new JsonObject { ["broker"] = $"mqtt://127.0.0.1:{brokerPort}", ["ackTimeout"] = "5s", ["reconnectDelayMax"] = "2s" },
            ["http"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
        });
    }

    /// <summary>The sensors that the simulators play, as the edge's configuration names them.</summary>
    public static JsonArray Sensors(SimsProcess sims) =>
        [new JsonObject { ["id"] = "pms1", ["driver"] = "pms5003", ["port"] = $"serial:{sims.AirPort}?baud=9600" }, .. BusSensors(sims.BusPort).Select(sensor => sensor!.DeepClone())];

    /// <summary>Those on the bus alone.</summary>
    /// <param name="port">The bus, or one of its ends.</param>
    public static JsonArray BusSensors(string port)
    {
        var bus = $"serial:{port}?baud=9600";
        return
        [
            Modbus("weather1", 1, "weather-station", bus),
            Modbus("noise1", 2, "noise-meter", bus),
            Modbus("meter1", 3, "meter-sdm", bus),
        ];
    }

    public void WriteBridge(int brokerPort)
    {
        var store = options.Postgres is { } postgres
            ? new JsonObject { ["kind"] = "postgres", ["connection"] = postgres }
            : new JsonObject { ["kind"] = "sqlite", ["file"] = SqliteFile };
        var broker = options.Broker is { } external
            ? new JsonObject { ["kind"] = "external", ["broker"] = $"mqtt://{external.Host}:{external.Port}" }
            : new JsonObject { ["kind"] = "embedded", ["listen"] = $"127.0.0.1:{brokerPort}" };
        Write(BridgeConfig, new JsonObject
        {
            ["dataDirectory"] = BridgeData,
            ["broker"] = broker,
            ["store"] = store,
            ["http"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
        });
    }

    static JsonObject Modbus(string id, int address, string profile, string port) =>
        new() { ["id"] = id, ["driver"] = "modbus", ["port"] = port, ["address"] = address, ["profile"] = profile };

    public static void Write(string file, JsonObject json) => File.WriteAllText(file, json.ToJsonString(new() { WriteIndented = true }) + "\n");
}
