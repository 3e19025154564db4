using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Finding;

/// <summary>Which instruments talk by themselves on a serial port. It never sends.</summary>
sealed class SerialScan(OpenLine open, IReadOnlyList<int> bauds, TimeSpan listen, TimeProvider time)
{
    public async Task<IReadOnlyList<Found>> RunAsync(string path, CancellationToken stop)
    {
        var heardBytes = 0;
        foreach (var baud in bauds)
        {
            var settings = LineSettings.Plain(baud);
            await using var line = await ProbeLine.OpenAsync(open, path, settings, time, stop);
            var heard = await line.ListenAsync(listen, stop);
            // A receiver at another speed hears garbage, and silence only where nobody talks.
            if (heard.IsEmpty)
                return [new Found(path, "a port on which nothing talks by itself", $"{listen.TotalSeconds:0.#} s of silence at {settings}; edgehub scan modbus or dlt645 asks")];
            if (Recognition.Of(heard.Span) is var (driver, frames, fingerprint))
                return [new Found(path, driver, $"{frames} checked frames in {listen.TotalSeconds:0.#} s at {settings}", new SensorEntry(driver, driver, settings.PortOf(path), Fingerprint: fingerprint))];
            if (Recognition.IsText(heard.Span))
                return [new Found(path, "lines of text", $"{heard.Length} printable bytes at {settings}; the driver text-line reads them once their columns are named")];
            heardBytes += heard.Length;
        }

        return [new Found(path, "something unknown that talks by itself", $"{heardBytes} bytes at {string.Join(", ", bauds)} baud without a checked frame of any make; edgehub sniff shows them")];
    }
}
