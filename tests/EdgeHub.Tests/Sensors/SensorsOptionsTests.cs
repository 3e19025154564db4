using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Tests.Sensors;

public sealed class SensorsOptionsTests
{
    const string Good = """
        { "sensors": [
          { "id": "pms-1", "driver": "pms5003", "port": "serial:/dev/ttyUSB0" },
          { "id": "weather", "driver": "modbus", "port": "serial:/dev/ttyUSB1?baud=4800&parity=even&stop=2", "address": 1, "profile": "weather-station", "interval": "2s", "classification": "general-1", "site": "roof" },
          { "id": "noise", "driver": "modbus", "port": "serial:/dev/ttyUSB1?baud=4800&parity=even&stop=2", "address": 2, "profile": "noise-meter", "class": "local" },
          { "id": "door", "driver": "gpio-input", "port": "gpio:0/17?debounce=20ms&invert=true&pull=up", "class": "urgent" },
          { "id": "rain", "driver": "gpio-counter", "port": "gpio:0/4", "quantity": "rain", "unit": "mm", "perPulse": 0.2 } ] }
        """;

    public static TheoryData<string, string, string> Wrong => new()
    {
        { """{ "driver": "pms5003", "port": "serial:/dev/ttyUSB0" }""", "sensors[0].id", "required" },
        { """{ "id": "PM 1", "driver": "pms5003", "port": "serial:/dev/ttyUSB0" }""", "sensors[0].id = PM 1", "no id" },
        { """{ "id": "a", "driver": "pms503", "port": "serial:/dev/ttyUSB0" }""", "sensors[0].driver = pms503", "Did you mean pms5003?" },
        { """{ "id": "a", "driver": "pms5003", "port": "/dev/ttyUSB0" }""", "sensors[0].port", "Write serial:/dev/ttyUSB0" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0?bauds=9600" }""", "sensors[0].port", "bauds is no setting" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0?baud=12" }""", "sensors[0].port", "baud=12 is out of range" },
        { """{ "id": "a", "driver": "pms5003", "port": "gpio:0/3" }""", "sensors[0].port", "does not work on this kind of port" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0", "interval": "1ms" }""", "sensors[0].interval", "range" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0", "adress": 3 }""", "sensors[0].adress", "not known" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0", "class": "secret" }""", "sensors[0].class = secret", "urgent" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0", "position": { "longitude": 30.27, "latitude": 120.12 } }""", "sensors[0].position.latitude = 120.12", "from -90 to 90" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0", "position": { "longitude": 120.12 } }""", "sensors[0].position.latitude", "required" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0", "position": { "longitude": 120.12, "latitude": 30.27, "heigth": 3 } }""", "sensors[0].position.heigth", "Did you mean height?" },
        { """{ "id": "a", "driver": "sds011", "port": "serial:/dev/ttyUSB0", "streams": [ { "quantity": "pm2_5", "accuracy": 0 } ] }""", "sensors[0].streams[0].accuracy = 0", "no instrument is exact" },
        { """{ "id": "a", "driver": "sds011", "port": "serial:/dev/ttyUSB0", "streams": [ { "quantity": "pm2_5", "accuracy": "10%" } ] }""", "sensors[0].streams[0].accuracy = 10%", "Write a number" },
        { """{ "id": "a", "driver": "modbus", "port": "tcp:box:502", "profile": "noise-meter" }""", "sensors[0].address", "required" },
        { """{ "id": "a", "driver": "modbus", "port": "tcp:box:502", "profile": "noise-meter", "address": 248 }""", "sensors[0].address = 248", "247" },
        { """{ "id": "a", "driver": "modbus", "port": "tcp:box", "profile": "noise-meter", "address": 1 }""", "sensors[0].port", "host and port" },
        { """{ "id": "a", "driver": "modbus", "port": "tcp:box:502", "profile": "noise-metre", "address": 1 }""", "sensors[0].profile", "Did you mean noise-meter?" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0" }, { "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB1" }""", "sensors[1].id", "taken by sensors[0].id" },
        { """{ "id": "a", "driver": "pms50", "port": "serial:/dev/ttyUSB0" }, { "id": "a", "driver": "pms5003", "port": "seral:x" }""", "sensors[1].id", "taken by sensors[0].id" },
        { """{ "id": "a", "driver": "pms5003", "port": "serial:/dev/ttyUSB0" }, { "id": "b", "driver": "pms5003", "port": "serial:/dev/ttyUSB0" }""", "sensors[0].port", "cannot share its line" },
        { """{ "id": "a", "driver": "modbus", "port": "serial:/dev/ttyS0", "profile": "noise-meter", "address": 1 }, { "id": "b", "driver": "modbus", "port": "serial:/dev/ttyS0?baud=4800", "profile": "noise-meter", "address": 2 }""", "sensors[1].port", "differ from those at sensors[0].port" },
        { """{ "id": "a", "driver": "modbus", "port": "tcp:box:502", "profile": "noise-meter", "address": 1 }, { "id": "b", "driver": "modbus", "port": "tcp:box:502", "profile": "noise-meter", "address": 1 }""", "sensors[1].address", "taken on the same line by sensors[0].id" },
        { """{ "id": "a", "driver": "gpio-input", "port": "gpio:0/4" }, { "id": "b", "driver": "gpio-input", "port": "gpio:0/4" }""", "sensors[1].port", "taken on the same line" },
    };

    [Fact]
    public void A_good_configuration_is_read_whole()
    {
        var sensors = SamplerRig.Options(Good).Sensors;
        Assert.Equal(["pms-1", "weather", "noise", "door", "rain"], sensors.Select(sensor => sensor.Id));
        Assert.Equal([1, 2, 1, 60, 60], sensors.Select(sensor => sensor.Interval.TotalSeconds));
        Assert.Equal([SpoolClass.Normal, SpoolClass.Normal, SpoolClass.Local, SpoolClass.Urgent, SpoolClass.Normal], sensors.Select(sensor => sensor.SpoolClass));
        Assert.Equal(new SerialPortUri("/dev/ttyUSB1", 4800, System.IO.Ports.Parity.Even, 8, System.IO.Ports.StopBits.Two), sensors[1].Port);
        Assert.Equal(["rain", "rain_total"], sensors[4].Streams.Select(stream => stream.Quantity));
    }

    [Fact]
    public void The_catalog_lists_every_stream_in_the_order_of_the_sensors()
    {
        var sensors = SamplerRig.Options(Good).Sensors;
        var catalog = SensorCatalog.Build(sensors, "yard-3", "330106");
        Assert.Equal(12 + 10 + 1 + 1 + 2, catalog.Streams.Count);
        Assert.Equal(("pms-1", "pm2_5", "ug/m3"), (catalog.Streams[1].Sensor, catalog.Streams[1].Quantity, catalog.Streams[1].Unit));
        Assert.Equal(("weather", "wind_speed", "m/s", "roof"), (catalog.Streams[12].Sensor, catalog.Streams[12].Quantity, catalog.Streams[12].Unit, catalog.Streams[12].Site));
        Assert.Equal(("rain", "rain_total"), (catalog.Streams[^1].Sensor, catalog.Streams[^1].Quantity));
        Assert.Equal([0, 12, 22, 23, 24], SensorCatalog.States(sensors).Select(state => state.FirstStream));
    }

    [Fact]
    public void The_catalog_tells_the_city_of_a_calibration_and_of_none_where_there_is_none()
    {
        var sensors = SamplerRig.Options("""{ "sensors": [ { "id": "a", "driver": "sds011", "port": "serial:/dev/ttyUSB0", "streams": [ { "quantity": "pm2_5", "scale": 0.92, "offset": -1.5, "validFrom": "2026-11-01" } ] } ] }""").Sensors;
        var catalog = SensorCatalog.Build(sensors, "yard-3", "");
        var calibration = catalog.Streams[0].Calibration;
        Assert.Equal(("0.92", "-1.5", new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()), (calibration.Scale, calibration.Offset, calibration.ValidFromUnixMs));
        Assert.Null(catalog.Streams[1].Calibration);
        var json = System.Text.Encoding.UTF8.GetString(EdgeHub.Edge.Uplink.CatalogView.ToJson("box", catalog));
        Assert.Contains("""
            "calibration":{"scale":"0.92","offset":"-1.5","validFrom":"2026-11-01T00:00:00+00:00"}
            """.Trim(), json, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(json, "calibration"));
    }

    [Fact]
    public void A_box_tells_where_it_stands_whose_it_is_and_how_each_value_comes()
    {
        var document = SettingsDocument.FromText(
            """
            { "gateway": { "id": "box", "position": { "longitude": 120.126, "latitude": 30.274, "height": 12 }, "owner": "Water works", "grid": "330106005012007" }, "uplink": { "broker": "mqtt://127.0.0.1:9" },
              "sensors": [ { "id": "air", "driver": "sds011", "port": "serial:/dev/ttyUSB0", "interval": "2s", "streams": [ { "quantity": "pm2_5", "accuracy": 10, "deadband": 2, "heartbeat": "5m" } ] },
                           { "id": "door", "driver": "gpio-input", "port": "gpio:0/17", "position": { "longitude": 120.127, "latitude": 30.275 } } ] }
            """,
            "test",
            "NONE__",
            new Dictionary<string, string>());
        var catalog = EdgeHub.Edge.Composition.EdgeOptions.Read(document, new Dictionary<string, string>()).Catalog();
        Assert.Empty(document.Errors);
        Assert.Equal((new Position { Longitude = 120.126, Latitude = 30.274, Height = 12 }, "Water works", "330106005012007"), (catalog.Position, catalog.Owner, catalog.Grid));
        var (pm, door) = (catalog.Streams[0], catalog.Streams[2]);
        Assert.Equal((10.0, new Sampling { IntervalMs = 2000, Deadband = 2, HeartbeatMs = 300_000 }), (pm.Accuracy, pm.Sampling));
        Assert.Null(pm.Position);
        Assert.Equal((false, new Sampling { IntervalMs = 60_000, OnChange = true }, new Position { Longitude = 120.127, Latitude = 30.275 }), (door.HasAccuracy, door.Sampling, door.Position));
        Assert.Equal(new EdgeHub.Edge.Uplink.PositionView(120.126, 30.274, 12), EdgeHub.Edge.Uplink.PositionView.Of(catalog.Position));
    }

    [Fact]
    public void A_catalog_that_no_record_holds_is_refused_before_the_start()
    {
        var sensors = string.Join(", ", Enumerable.Range(0, 256).Select(i => $$"""{ "id": "air-{{i}}", "driver": "pms5003", "port": "serial:/dev/ttyUSB{{i}}", "model": "{{new string('m', 200)}}" }"""));
        var document = SettingsDocument.FromText($$"""{ "gateway": { "id": "box" }, "sensors": [ {{sensors}} ] }""", "test", "NONE__", new Dictionary<string, string>());
        EdgeHub.Edge.Composition.EdgeOptions.Read(document, new Dictionary<string, string>());
        Assert.Contains("Shorten site, model", Assert.Single(document.Errors, error => error.Key == "sensors").Fix, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named_with_key_and_fix(string sensors, string key, string says)
    {
        var error = Assert.Single(Errors($$"""{ "sensors": [ {{sensors}} ] }"""), error => error.StartsWith(key, StringComparison.Ordinal));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_is_named_at_once() =>
        Assert.Equal(4, Errors("""{ "modbus": { "replyTimeout": "1h", "turnaroud": "5ms" }, "sensors": [ { "id": "A", "driver": "pms", "port": "serial:/dev/x" } ] }""").Count);

    [Theory]
    [InlineData("{ \"name\": \"mine\",\n \"function\": 3,\n \"registers\": [\n  { \"quantity\": \"x\", \"unit\": \"1\", \"address\": 0, \"type\": \"u17\" } ] }", "mine.json:4: u17 is not one of")]
    [InlineData("{ \"name\": \"mine\",\n \"function\": 3,\n \"registers\": [\n  { \"quantity\": \"x\", \"unit\": \"1\" \"address\": 0 } ] }", "mine.json:4: this line is not valid JSON")]
    [InlineData("{ \"name\": \"mine\",\n \"function\": 9, \"registers\": [ ] }", "function must be 1, 2, 3 or 4")]
    [InlineData("{ \"name\": \"mine\",\n \"function\": \"three\" }", "mine.json:2: this value has the wrong kind")]
    [InlineData("{ \"name\": \"mine\",\n\n \"functoin\": 3 }", "mine.json:3: functoin is not known here")]
    public void A_broken_profile_is_named_with_file_and_line(string profile, string says)
    {
        var directory = Directory.CreateTempSubdirectory("edgehub-test-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "mine.json"), profile);
            var error = Assert.Single(Errors($$"""{ "modbus": { "profilesDirectory": "{{directory.FullName}}" }, "sensors": [ { "id": "a", "driver": "modbus", "port": "tcp:box:1", "address": 1, "profile": "mine" } ] }"""));
            Assert.Contains(says, error, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    internal static List<string> Errors(string json)
    {
        var document = SettingsDocument.FromText(json, "test", "NONE__", new Dictionary<string, string>());
        SensorsOptions.Read(document.Root);
        return [.. document.Errors.Select(error => error.ToString())];
    }
}
