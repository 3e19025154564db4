namespace EdgeHub.Edge.Sensors.Plantower;

static class Pms5003Driver
{
    public static Driver Driver { get; } = new()
    {
        Word = "pms5003",
        Summary = "Particulate matter by laser scattering; sends by itself.",
        Models = [new("Plantower", "PMS5003", "PMS5003 series data manual V2.3"), new("Plantower", "PMS7003", "PMS7003 series data manual V2.5")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Quantities = Pms5003Streams.All,
        WarmUp = Pms5003Talk.WarmUp,
        Read = (_, _) => new DriverSettings(Pms5003Streams.All, "Plantower PMS5003"),
        Loop = setup => setup.Loop(new Pms5003Talk(setup.Sensors[0], setup.Port, setup.Desk, setup.Time, setup.Logger)),
    };
}
