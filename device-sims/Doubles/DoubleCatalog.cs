namespace EdgeHub.DeviceSims.Doubles;

/// <summary>Every double there is: what <c>list</c> shows and a scenario may name. A new double is a new row here.</summary>
public static class DoubleCatalog
{
    public static IReadOnlyList<DoubleModel> All { get; } =
    [
        new("pms5003", null, settings => new Pms5003(settings.Id, settings.Seed, settings.Pace)),
        new("pms3003", null, settings => PlantowerKin.Pms3003(settings.Id, settings.Seed, settings.Pace)),
        new("pms5003st", null, settings => PlantowerKin.Pms5003St(settings.Id, settings.Seed, settings.Pace)),
        new("sds011", null, settings => new Sds011(settings.Id, settings.Seed, settings.Pace)),
        new("mh-z19", null, settings => new MhZ19(settings.Id, settings.Seed)),
        new("ze07-co", null, settings => ZeModule.Ze07Co(settings.Id, settings.Seed, settings.Pace)),
        new("ze08-ch2o", null, settings => ZeModule.Ze08Ch2O(settings.Id, settings.Seed, settings.Pace)),
        new("a02yyuw", null, settings => new A02Yyuw(settings.Id, settings.Seed, settings.Pace)),
        new("gnss", null, settings => new GnssReceiver(settings.Id, settings.Seed, settings.Time, settings.Pace)),
        new("line-printer", null, settings => new LinePrinter(settings.Id, settings.Seed, settings.Pace)),
        new("weather-station", "1", settings => new WeatherStation(settings.Id, settings.ModbusAddress(), settings.Seed)),
        new("noise-meter", "2", settings => new NoiseMeter(settings.Id, settings.ModbusAddress(), settings.Seed)),
        new("meter-sdm", "3", settings => new MeterSdm(settings.Id, settings.ModbusAddress(), settings.Seed)),
        new("soil", "4", settings => RegisterSlave.Soil(settings.Id, settings.ModbusAddress(), settings.Seed)),
        new("water-level", "5", settings => RegisterSlave.WaterLevel(settings.Id, settings.ModbusAddress(), settings.Seed)),
        new("smoke", "6", settings => RegisterSlave.Smoke(settings.Id, settings.ModbusAddress(), settings.Seed)),
        new("dlt645-single-phase", "652022122003", settings => new Dlt645Meter(settings.Id, settings.Address, isThreePhase: false, settings.Seed)),
        new("dlt645-three-phase", "652022122004", settings => new Dlt645Meter(settings.Id, settings.Address, isThreePhase: true, settings.Seed)),
        new("cjt188-water", "78330011223344", settings => new Cjt188Meter(settings.Id, settings.Address, isHeat: false, settings.Seed)),
        new("cjt188-heat", "78330011223345", settings => new Cjt188Meter(settings.Id, settings.Address, isHeat: true, settings.Seed)),
    ];

    public static DoubleModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);
}
