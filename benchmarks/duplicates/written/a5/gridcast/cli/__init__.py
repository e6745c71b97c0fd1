import typer

from gridcast.cli import forecast, maintain, train

app = typer.Typer(no_args_is_help=True)
app.add_typer(train.app, name="train")
app.add_typer(forecast.app, name="forecast")
app.add_typer(maintain.app, name="maintain")

if __name__ == "__main__":
    app()
