namespace EdgeHub.DeviceSims.Doubles;

/// <summary>Every double there is: what <c>list</c> shows and a scenario may name. A new double is a new row here.</summary>
public static class DoubleCatalog
{
    public static IReadOnlyList<DoubleModel> All { get; } =
    [
        new("pms5003", null, settings => new Pms5003(settings.Id, settings.Seed, settings.Pace)),
        new("weather-station", "1", settings => new WeatherStation(settings.Id, settings.ModbusAddress(), settings.Seed)),
        new("noise-meter", "2", settings => new NoiseMeter(settings.Id, settings.ModbusAddress(), settings.Seed)),
        new("meter-sdm", "3", settings => new MeterSdm(settings.Id, settings.ModbusAddress(), settings.Seed)),
    ];

    public static DoubleModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);
}
