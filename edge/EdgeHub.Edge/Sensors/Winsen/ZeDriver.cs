using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Edge.Sensors.Winsen;

/// <summary>Winsen's electrochemical modules. The ZE07 is only listened to; the ZE08 may be asked too. Source: ZE07-CO manual V1.1, ZE08-CH2O manual V1.0 (warm-up 3 min).</summary>
static class ZeDriver
{
    static readonly TimeSpan Preheat = TimeSpan.FromSeconds(180);
    static readonly byte[] Active = WinsenFrame.Command(0x78, 0x40);
    static readonly byte[] Passive = WinsenFrame.Command(0x78, 0x41);

    public static Driver Ze07Co { get; } = Of("ze07-co", ZeGas.Ze07Co, "Carbon monoxide, electrochemical; sends each second.", "ZE07-CO manual V1.1") with
    {
        Read = (_, _) => new PollSettings([ZeGas.Ze07Co.Stream], "Winsen ZE07-CO", IsPolled: false, Sleeps: false),
    };

    public static Driver Ze08Ch2O { get; } = Of("ze08-ch2o", ZeGas.Ze08Ch2O, "Formaldehyde, electrochemical; sends each second or is asked.", "ZE08-CH2O manual V1.0") with
    {
        Keys = [PollKeys.Keys[0]],
        Read = (section, _) => new PollSettings([ZeGas.Ze08Ch2O.Stream], "Winsen ZE08-CH2O", section.Choice("mode", PollMode.Active) == PollMode.Passive, Sleeps: false),
    };

    static Driver Of(string word, ZeGas gas, string summary, string source) => new()
    {
        Word = word,
        Summary = summary,
        Models = [new("Winsen", gas.Model, source)],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Quantities = [gas.Stream],
        WarmUp = Preheat,
        Read = (_, _) => new DriverSettings([gas.Stream]),
        Loop = setup => setup.Talk(Script(gas, (PollSettings)setup.Sensors[0].Options.Settings)),
    };

    static FrameScript Script(ZeGas gas, PollSettings settings) => new(new ZeFormat(gas))
    {
        WarmUp = Preheat,
        Opening = [settings.IsPolled ? Passive : Active],
        Request = settings.IsPolled ? WinsenFrame.Command(WinsenFrame.Answer) : null,
        SilentAdvice = "check its 5 V supply and the wiring of TX; a module left in question-and-answer mode needs its RX wired too.",
        ForeignAdvice = $"check the baud rate (9600) and that this is a {gas.Model}.",
    };
}
